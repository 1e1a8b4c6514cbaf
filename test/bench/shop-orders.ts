import { randomInt, randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';
import { request } from 'undici';

import type { CheckoutView } from '../../api/orders/order.view';
import type { PaymentCallbackView } from '../../api/payments/payment-result';
import { bookStockMany } from '../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { createHttpClient, type HttpAnswer } from '../../platform/http-client';
import { withTransaction } from '../../platform/transaction';
import { authorityOf, type ShelfItem } from '../support/buyer';
import { buildRecipient } from '../support/factories/recipient';
import { rows } from '../support/sql';
import type { BuyerActed } from '../support/zarinpal';
import { closedLoop, Stopwatch } from './closed-loop';
import type { Round } from './report';

const UNITS = 1_000_000;

/** Fills the shelves, so that no run sells out, and returns what is on them. */
export async function stockUp(database: DataSource): Promise<ShelfItem[]> {
  const items = await rows<ShelfItem>(
    database.manager,
    `SELECT v.id AS "variantId", v.sku, v.price, 0 AS available
     FROM variants v JOIN products p ON p.id = v.product_id
     WHERE v.status = 'active' AND p.status = 'published' AND v.price BETWEEN 10000 AND 900000000 ORDER BY v.sku`,
  );
  const ref = `bench-${randomUUID()}`;
  await withTransaction(database, (transaction) =>
    bookStockMany(
      transaction,
      items.map(({ variantId }) => ({
        variantId,
        locationId: DEFAULT_LOCATION_ID,
        delta: UNITS,
        reason: 'received' as const,
        ref,
      })),
    ),
  );
  return items;
}

/** A cart that holds one unit of something. */
export interface FilledCart {
  readonly token: string;
  /** Rials. */
  readonly total: number;
}

const HTTP = createHttpClient({ timeoutMs: 60_000, maxBytes: 1_000_000 });

/**
 * Orders and pays through the public API and loads the callback, once per cart. The load runs on the machine that it measures,
 * so it must cost little: this is no `Buyer` with its `fetch`.
 */
export async function runShopOrders(
  addresses: Addresses,
  carts: readonly FilledCart[],
  clients: number,
): Promise<{ round: Round; orderIds: string[] }> {
  const place = new Stopwatch();
  const settle = new Stopwatch();
  const orderIds: string[] = [];
  const loop = await closedLoop(clients, carts.length, async (index) => {
    orderIds.push(await buy(addresses, carts[index]!, place, settle));
  });
  return { round: { ...loop, place: place.times, settle: settle.times }, orderIds };
}

/** The same from the empty cart on: a cart is made and filled inside the clock, as in the figures of other shops. */
export async function runPurchases(
  addresses: Addresses,
  items: readonly ShelfItem[],
  clients: number,
  count: number,
): Promise<Round> {
  const place = new Stopwatch();
  const settle = new Stopwatch();
  const loop = await closedLoop(clients, count, async (index) => {
    const cart = await fillCart(addresses.apiUrl, items[index % items.length]!);
    await buy(addresses, cart, place, settle);
  });
  return { ...loop, place: place.times, settle: settle.times };
}

interface Addresses {
  readonly apiUrl: string;
  readonly zarinpalUrl: string;
}

/** Turns a cart into a paid order, and returns the order's id. */
async function buy(
  { apiUrl, zarinpalUrl }: Addresses,
  { token, total }: FilledCart,
  place: Stopwatch,
  settle: Stopwatch,
): Promise<string> {
  const placed = (await place.time(() =>
    post(
      `${apiUrl}/api/v1/checkout`,
      { expectedTotal: { amount: total, currency: 'IRR' } },
      { 'X-Cart-Token': token, 'Idempotency-Key': randomUUID(), 'X-Forwarded-For': anyAddress() },
    ),
  )) as CheckoutView;
  const authority = authorityOf(placed.payment.redirect);
  const paid = (await post(`${zarinpalUrl}/_sandbox/sessions/${authority}/pay`, {})) as BuyerActed;
  const callback = await settle.time(() => HTTP.get(paid.callbackUrl ?? ''));
  const { status } = bodyOf(callback) as PaymentCallbackView;
  if (status !== 'paid') throw new Error(`not paid: ${callback.text}`);
  return placed.order.id;
}

/** A cart with one unit of something and a recipient, made with the same thin client. */
async function fillCart(apiUrl: string, item: ShelfItem): Promise<FilledCart> {
  const { token } = (await post(`${apiUrl}/api/v1/carts`, {})) as { token: string };
  await post(
    `${apiUrl}/api/v1/carts/current/lines`,
    { variantId: item.variantId, quantity: 1 },
    { 'X-Cart-Token': token },
  );
  const { statusCode, body } = await request(`${apiUrl}/api/v1/carts/current/recipient`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'x-cart-token': token },
    body: JSON.stringify({ recipient: buildRecipient() }),
  });
  bodyOf({ status: statusCode, text: await body.text() });
  return { token, total: item.price };
}

/** Buyers have many addresses; those of one address would wait for each other. */
function anyAddress(): string {
  return `10.${[0, 0, 0].map(() => randomInt(256)).join('.')}`;
}

async function post(url: string, body: unknown, headers?: Record<string, string>): Promise<unknown> {
  return bodyOf(await HTTP.postJson(url, body, headers));
}

function bodyOf({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): unknown {
  if (status >= 300) throw new Error(`${status}: ${text}`);
  return JSON.parse(text);
}

/** Fills carts through the API, before the clock starts. */
export async function fillCarts(
  apiUrl: string,
  items: readonly ShelfItem[],
  count: number,
): Promise<FilledCart[]> {
  const carts: FilledCart[] = [];
  await closedLoop(4, count, async (index) => {
    carts[index] = await fillCart(apiUrl, items[index % items.length]!);
  });
  return carts;
}
