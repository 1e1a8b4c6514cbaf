import { randomUUID } from 'node:crypto';

import type { CartView } from '../../api/carts/cart.view';
import type { OrderEventsView, OrderEventView } from '../../api/orders/order-event.view';
import type { CheckoutView, OrderDetailView } from '../../api/orders/order.view';
import type { PaymentCallbackView } from '../../api/payments/payment-result';
import type { OrderStatus } from '../../entities/orders/order-status';
import { eventually } from './eventually';
import { buildRecipient } from './factories/recipient';
import type { Shop } from './shop';
import { rows } from './sql';

/** An answer of the API. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CheckoutOptions {
  readonly key?: string;
  readonly gateway?: string;
  readonly headers?: Record<string, string>;
}

/** What a problem adds to an answer. */
export interface ProblemBody {
  readonly code: string;
  readonly [detail: string]: unknown;
}

/** A variant of the seeded catalogue. */
export interface ShelfItem {
  readonly variantId: string;
  readonly sku: string;
  readonly price: number;
  readonly available: number;
}

/** A guest of the shop, or a customer with a session, who uses nothing but HTTP. */
export class Buyer {
  private cart?: string;

  /**
   * @param address the buyer's address, for a shop that trusts one proxy
   * @param session the headers of a buyer who has signed in
   */
  constructor(
    private readonly shop: Pick<Shop, 'url'>,
    private readonly address?: string,
    private readonly session: Readonly<Record<string, string>> = {},
  ) {}

  /** The same guest, with the same cart, at another API of the shop. */
  at(shop: Pick<Shop, 'url'>): Buyer {
    const same = new Buyer(shop, this.address, this.session);
    same.cart = this.cart;
    return same;
  }

  get cartToken(): string {
    if (!this.cart) throw new Error('this buyer has no cart yet');
    return this.cart;
  }

  async put(item: ShelfItem, quantity = 1): Promise<void> {
    if (!this.cart) {
      const made = await this.call<{ token: string }>('POST', '/carts', {});
      this.cart = made.body.token;
      await this.putRecipient();
    }
    const added = await this.call('POST', '/carts/current/lines', {
      body: { variantId: item.variantId, quantity },
      headers: { 'X-Cart-Token': this.cart },
    });
    if (added.status >= 300) throw new Error(`the cart refused: ${JSON.stringify(added.body)}`);
  }

  /** Says who gets the goods, which must succeed. */
  async putRecipient(recipient = buildRecipient()): Promise<void> {
    const put = await this.call('PUT', '/carts/current/recipient', {
      body: { recipient },
      headers: { 'X-Cart-Token': this.cartToken },
    });
    if (put.status !== 200) throw new Error(`the recipient was refused: ${JSON.stringify(put.body)}`);
  }

  checkout(
    expectedTotal: number,
    { key = randomUUID(), headers = {}, ...rest }: CheckoutOptions = {},
  ): Promise<Answer<CheckoutView & ProblemBody>> {
    return this.call('POST', '/checkout', {
      body: { expectedTotal: { amount: expectedTotal, currency: 'IRR' }, ...rest },
      headers: { 'X-Cart-Token': this.cartToken, 'Idempotency-Key': key, ...headers },
    });
  }

  async readCart(): Promise<CartView> {
    const { body } = await this.call<CartView>('GET', '/carts/current', {
      headers: { 'X-Cart-Token': this.cartToken },
    });
    return body;
  }

  /** Orders one item, which must succeed. */
  async order(item: ShelfItem, quantity = 1): Promise<PlacedByBuyer> {
    await this.put(item, quantity);
    return this.placeOrder(item.price * quantity);
  }

  /** Orders what is in the cart, which must succeed. */
  async placeOrder(expectedTotal: number): Promise<PlacedByBuyer> {
    const { status, body } = await this.checkout(expectedTotal);
    if (status !== 201) throw new Error(`no order: ${JSON.stringify(body)}`);
    return { ...body, authority: authorityOf(body.payment.redirect) };
  }

  /** Loads a callback at the buyer's API, as an app that asks for JSON. */
  async comeBack(callbackUrl: string | null): Promise<Answer<PaymentCallbackView & { code?: string }>> {
    if (callbackUrl === null) throw new Error('the gateway sends this buyer nowhere');
    const { pathname, search } = new URL(callbackUrl);
    const response = await fetch(new URL(pathname + search, this.shop.url), {
      headers: { Accept: 'application/json' },
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  }

  read({ order, orderToken }: PlacedOrder) {
    return this.call<OrderDetailView & ProblemBody>('GET', `/orders/${order.id}`, {
      headers: { 'X-Order-Token': orderToken },
    });
  }

  /** Reads the order until it has this status. */
  async waitFor(placed: PlacedOrder, status: OrderStatus): Promise<OrderDetailView> {
    const { body } = await eventually(
      () => this.read(placed),
      (answer) => answer.body.order.status === status,
    );
    return body;
  }

  async events({ order, orderToken }: PlacedOrder): Promise<OrderEventView[]> {
    const { body } = await this.call<OrderEventsView>('GET', `/orders/${order.id}/events`, {
      headers: { 'X-Order-Token': orderToken },
    });
    return body.events;
  }

  async timeline(placed: PlacedOrder): Promise<string[]> {
    return (await this.events(placed)).map((event) => event.type);
  }

  payAgain(
    { order, orderToken }: PlacedOrder,
    key: string = randomUUID(),
    body = {},
  ): Promise<Answer<CheckoutView & ProblemBody>> {
    return this.call('POST', `/orders/${order.id}/payments`, {
      body,
      headers: { 'X-Order-Token': orderToken, 'Idempotency-Key': key },
    });
  }

  cancel(
    { order, orderToken }: PlacedOrder,
    { key = randomUUID(), headers = {} }: { key?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer<CheckoutView & ProblemBody>> {
    return this.call('POST', `/orders/${order.id}/cancel`, {
      body: {},
      headers: { 'X-Order-Token': orderToken, 'Idempotency-Key': key, ...headers },
    });
  }

  async call<Body>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.shop.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.address === undefined ? {} : { 'X-Forwarded-For': this.address }),
        ...this.session,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    };
  }
}

/** What a buyer needs to use an order later. */
export interface PlacedOrder {
  readonly order: { readonly id: string };
  readonly orderToken: string;
}

export type PlacedByBuyer = CheckoutView & { readonly authority: string };

/** The authority in the address of a payment page. */
export function authorityOf(redirect: string | null): string {
  if (redirect === null) throw new Error('there is no payment page');
  return redirect.split('/').at(-1)!;
}

/** Items with at least this many units in stock, a different one each time. */
export function shelf(shop: Pick<Shop, 'database'>): (units?: number) => Promise<ShelfItem> {
  let taken = 0;
  return async (units = 5) => {
    const [item] = await rows<ShelfItem>(
      shop.database.manager,
      `SELECT v.id AS "variantId", v.sku, v.price, (l.on_hand - l.reserved) AS available
       FROM variants v JOIN products p ON p.id = v.product_id JOIN stock_levels l ON l.variant_id = v.id
       WHERE v.status = 'active' AND p.status = 'published' AND l.on_hand - l.reserved >= $1
         AND v.price BETWEEN 10000 AND 200000000
       ORDER BY v.sku OFFSET $2 LIMIT 1`,
      [units, taken++],
    );
    if (!item) throw new Error('the shelf is empty');
    return item;
  };
}
