import { randomUUID } from 'node:crypto';

import type { ApiClient } from '../../api/client/client';
import type {
  CheckoutView,
  MoneyView,
  OrderDetailView,
  OrderEventsView,
  ProductView,
  VariantView,
} from '../../api/client/generated';
import type { Timeline } from './timeline';

/** An event of an order, told apart by its `type`. */
export type OrderEvent = OrderEventsView['events'][number];

/** What a guest needs to find an order again. */
export interface KeptOrder {
  readonly id: string;
  readonly token: string;
  readonly total: MoneyView;
}

/** An order and the authorities of its payment pages, oldest first. */
export interface Purchase {
  readonly order: KeptOrder;
  readonly authorities: readonly string[];
}

const RECIPIENT = {
  name: 'سارا محمدی',
  phone: '09121234567',
  province: 'IR-23',
  city: '2301',
  postalCode: '1416932790',
  lines: ['خیابان کارگر شمالی، کوچهٔ دوم'],
  plaque: '۱۲',
};

const PRODUCTS_BOUGHT = 2;
const PRODUCTS_READ = 20;
const EVENTS_AT_ONCE = 100;

/** A guest who buys over the public API. */
export class Shopper {
  /** @param api of a guest or of somebody who has signed in */
  constructor(
    private readonly api: ApiClient,
    private readonly timeline: Timeline,
  ) {}

  /** Puts something that is in stock into a new cart, with a recipient. */
  async fillCart(): Promise<{ cartToken: string; total: MoneyView }> {
    const chosen = await this.choose();
    const { data: opened } = await this.api.call('openCart', {});
    let cart = opened.cart;
    for (const { product, variant } of chosen) {
      this.timeline.said(
        'buyer',
        `puts ${variant.sku} into the cart, ${shownMoney(variant.price)}: ${product.title}`,
      );
      ({ data: cart } = await this.api.call('addCartLine', {
        headers: { 'X-Cart-Token': opened.token },
        body: { variantId: variant.id, quantity: 1 },
      }));
    }
    this.timeline.said('buyer', 'says who gets the goods, and where');
    ({ data: cart } = await this.api.call('setCartRecipient', {
      headers: { 'X-Cart-Token': opened.token },
      body: { recipient: RECIPIENT },
    }));
    this.timeline.said('shop', `the cart at version ${cart.version}: ${shownMoney(cart.total)}`);
    return { cartToken: opened.token, total: cart.total };
  }

  private async choose(): Promise<{ product: ProductView; variant: VariantView }[]> {
    this.timeline.said('buyer', 'looks for something that is in stock');
    const { data: list } = await this.api.call('listProducts', {
      query: { inStock: true, limit: PRODUCTS_READ },
    });
    const chosen: { product: ProductView; variant: VariantView }[] = [];
    for (const { slug } of list.items) {
      const { data: product } = await this.api.call('getProduct', { path: { slug } });
      const variant = product.variants.find((it) => it.inStock);
      if (variant) chosen.push({ product, variant });
      if (chosen.length === PRODUCTS_BOUGHT) return chosen;
    }
    if (chosen.length === 0)
      throw new Error('Nothing is in stock: npm run dev -- --reset fills the shelves.');
    return chosen;
  }

  /** Orders the cart twice with the same key, like a double click, and demands one order. */
  async order(): Promise<{ order: KeptOrder; payPage: string }> {
    const { cartToken, total } = await this.fillCart();
    const request = {
      headers: { 'X-Cart-Token': cartToken, 'Idempotency-Key': randomUUID() },
      body: { expectedTotal: total },
    };
    this.timeline.said('buyer', `orders it for ${shownMoney(total)}`);
    const { status, data: first } = await this.api.call('placeOrder', request);
    const { id, number } = first.order;
    this.timeline.said('shop', `${status}, order ${number} awaits payment`);
    const again = await this.api.call('placeOrder', request);
    if (again.data.order.id !== id || again.status !== 200) {
      throw new Error(
        `The same key gave order ${id} first, then ${again.data.order.id} (HTTP ${again.status}).`,
      );
    }
    this.timeline.said('shop', `${again.status} to the same request with the same key: the same order`);
    return { order: { id, token: first.orderToken, total }, payPage: pageOf(first) };
  }

  /** Asks for another payment page. */
  async payAgain(order: KeptOrder): Promise<string> {
    this.timeline.said('buyer', 'asks for another payment page');
    const { status, data } = await this.api.call('openPaymentPage', {
      path: { id: order.id },
      headers: { 'X-Order-Token': order.token, 'Idempotency-Key': randomUUID() },
      body: {},
    });
    this.timeline.said('shop', `${status}, a page of ${data.payment.gateway}`);
    return pageOf(data);
  }

  async cancel(order: KeptOrder): Promise<void> {
    this.timeline.said('buyer', 'cancels the order');
    const { status, data } = await this.api.call('cancelOrder', {
      path: { id: order.id },
      headers: { 'X-Order-Token': order.token, 'Idempotency-Key': randomUUID() },
      body: {},
    });
    this.timeline.said('shop', `${status}, the order is ${data.order.status}`);
  }

  async read({ id, token }: KeptOrder): Promise<OrderDetailView> {
    const { data } = await this.api.call('getOrder', {
      path: { id },
      headers: { 'X-Order-Token': token },
    });
    return data;
  }

  async events({ id, token }: KeptOrder): Promise<OrderEvent[]> {
    const events: OrderEvent[] = [];
    for (let next: number | null = 0; next !== null;) {
      const answer: { data: OrderEventsView } = await this.api.call('listOrderEvents', {
        path: { id },
        query: { after: next, limit: EVENTS_AT_ONCE },
        headers: { 'X-Order-Token': token },
      });
      events.push(...answer.data.events);
      next = answer.data.next;
    }
    return events;
  }
}

/** `8,450,000 rial` */
export function shownMoney({ amount, currency }: MoneyView): string {
  return `${amount.toLocaleString('en-US')} ${currency === 'IRR' ? 'rial' : currency}`;
}

function pageOf({ order, payment }: CheckoutView): string {
  if (payment.redirect === null) {
    throw new Error(`Order ${order.number} got no payment page (${payment.reason}).`);
  }
  return payment.redirect;
}
