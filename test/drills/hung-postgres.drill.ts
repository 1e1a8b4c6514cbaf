import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { cartIdOf } from '../../entities/carts/cart-token';
import { ApiConfig } from '../../platform/config/api';
import { Buyer, shelf } from '../support/buyer';
import { eventually } from '../support/eventually';
import { orderCountOf } from '../support/order-rows';
import { untilItWaits } from '../support/row-lock';
import { row } from '../support/sql';
import { runDrill } from './drill';
import { ownPostgres } from './own-postgres';

const postgres = ownPostgres();
/** How long a client may take to send a request: no answer takes longer. The time-outs of Postgres are far below it. */
const { requestTimeoutMs } = new ApiConfig();

/** What a buyer, the gateway or a load balancer asks. */
interface Question {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** The answer as a test reports it: only what may differ from a right one. */
async function answerTo(url: string, { path, method = 'GET', headers = {}, body }: Question) {
  const response = await fetch(url + path, {
    method,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  const told = (await response.json()) as { code?: string; away?: string[] };
  return { status: response.status, told, retryAfter: response.headers.get('Retry-After') };
}

test('a Postgres that hangs lets nobody wait for long, and everything goes on when it does', () =>
  runDrill(
    async (it) => {
      const { shop } = it;
      await shop.startWorker();
      const takeItem = shelf(shop);
      await takeItem();
      const [other, third] = [await takeItem(), await takeItem()];
      // One order that is being paid, one that is being placed, and a cart that nobody has ordered.
      const payer = new Buyer(shop);
      const open = await payer.order(other);
      const { callbackUrl } = await shop.zarinpal.pay(open.authority);
      const shopper = new Buyer(shop);
      await shopper.put(third);
      const shopperKey = randomUUID();
      const lock = await it.lockCart();
      const placing = it.ask();
      await untilItWaits(shop.database, 'asoud-worker');

      const product = await row<{ slug: string }>(
        shop.database.manager,
        'SELECT p.slug FROM products p JOIN variants v ON v.product_id = p.id WHERE v.id = $1',
        [third.variantId],
      );
      const { pathname, search } = new URL(callbackUrl!);
      const cart = { 'X-Cart-Token': shopper.cartToken };
      const questions: Record<string, Question> = {
        list: { path: '/api/v1/products?limit=3' },
        detail: { path: `/api/v1/products/${product!.slug}` },
        search: { path: `/api/v1/products?q=${encodeURIComponent('گوشی')}` },
        'cart read': { path: '/api/v1/carts/current', headers: cart },
        'cart put': {
          path: '/api/v1/carts/current/lines',
          method: 'POST',
          headers: cart,
          body: { variantId: third.variantId, quantity: 1 },
        },
        checkout: {
          path: '/api/v1/checkout',
          method: 'POST',
          headers: { ...cart, 'Idempotency-Key': shopperKey },
          body: { expectedTotal: { amount: third.price, currency: 'IRR' } },
        },
        order: { path: `/api/v1/orders/${open.order.id}`, headers: { 'X-Order-Token': open.orderToken } },
        'another page': {
          path: `/api/v1/orders/${open.order.id}/payments`,
          method: 'POST',
          headers: { 'X-Order-Token': open.orderToken, 'Idempotency-Key': randomUUID() },
          body: {},
        },
        callback: { path: pathname + search },
      };

      const goOn = await postgres.hang();
      try {
        // The second crowd finds no connection that could still hang: it waits for new ones.
        for (const crowd of ['that meets open connections', 'that needs new ones']) {
          const asked = Object.entries(questions).flatMap(([kind, question]) =>
            [1, 2, 3].map(
              async (n) => [`${kind} ${n} ${crowd}`, await answerTo(shop.url, question)] as const,
            ),
          );
          const ready = answerTo(shop.url, { path: '/health/ready' });
          for (const [kind, { status, told, retryAfter }] of await Promise.all(asked)) {
            expect({ kind, status, code: told.code, retryAfter: Number(retryAfter) > 0 }).toEqual({
              kind,
              status: 503,
              code: 'service.unavailable',
              retryAfter: true,
            });
          }
          expect(await ready).toMatchObject({
            status: 503,
            told: { status: 'not_ready', away: ['postgres'] },
          });
        }
        expect((await placing).status).toBe(503);
      } finally {
        await goOn();
      }
      await lock.release();

      for (const kind of ['list', 'detail', 'search', 'cart read', 'order', 'callback']) {
        const { status } = await eventually(
          () => answerTo(shop.url, questions[kind]!),
          (answer) => answer.status !== 503,
        );
        expect({ kind, status }).toEqual({ kind, status: 200 });
      }
      await payer.waitFor(open, 'placed');
      const placed = await it.placed();
      await it.pay(placed);
      await it.expectPaidOnce(placed);
      const { body: bought } = await eventually(
        () => shopper.checkout(third.price, { key: shopperKey }),
        ({ status }) => status === 200 || status === 201,
      );
      expect(bought.payment.redirect).not.toBeNull();
      expect(await orderCountOf(shop, cartIdOf(shopper.cartToken))).toBe(1);
    },
    { postgres: postgres.place },
  ));
