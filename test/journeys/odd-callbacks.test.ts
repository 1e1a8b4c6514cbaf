import { expect, test } from 'vitest';

import { Buyer } from '../support/buyer';
import { journeyShop } from '../support/journey';
import { callbacksOf } from '../support/order-rows';
import { rows } from '../support/sql';

const journey = journeyShop();

const storedQueries = (orderId: string) =>
  rows<{ query: Record<string, string> }>(
    journey.shop.database.manager,
    `SELECT c.query FROM payment_callbacks c JOIN payment_attempts p ON p.id = c.attempt_id WHERE p.order_id = $1`,
    [orderId],
  );

test.each([
  ['NUL', 'note=a%00b', { note: 'a\ufffdb' }],
  ['a name with NUL', 'a%00b=1', { 'a\ufffdb': '1' }],
  [
    'a character that is cut in half',
    `note=${'x'.repeat(199)}%F0%9F%98%80`,
    { note: `${'x'.repeat(199)}\ufffd` },
  ],
  ['a name that is cut in half', `${'n'.repeat(39)}%F0%9F%98%80=1`, { [`${'n'.repeat(39)}\ufffd`]: '1' }],
])('a buyer who paid and comes back with %s in the address is heard', async (_what, added, kept) => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);

  const { status, body } = await buyer.comeBack(`${callbackUrl}&${added}`);

  expect([status, body.status]).toEqual([200, 'paid']);
  expect(await storedQueries(placed.order.id)).toEqual([{ query: expect.objectContaining(kept) }]);
});

test.each([
  ['objects that are no text', '{"a":{"toString":1},"b":{"valueOf":1},"c":[{}],"d":null}'],
  ['lists without end', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['half a character', String.raw`{"a":"\ud800"}`],
  ['NUL', String.raw`{"a":"\u0000"}`],
  ['no valid JSON', '{"a":'],
  ['more than a body may hold', `{"a":"${'x'.repeat(200_000)}"}`],
])('a callback whose body holds %s is stored like any other', async (_what, body) => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  const address = `${shop.url}/api/v1/payments/zarinpal/callback?Authority=${placed.authority}&Status=NOK`;
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' };
  const answer = await fetch(address, { method: 'POST', headers, body });

  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'unpaid' })]);
  expect(await callbacksOf(shop, placed.order.id)).toEqual({ stored: 1, unseen: 0 });
});

test.each([
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
  ],
  ['multipart/form-data', 'no boundary'],
  ['text/plain', 'Status=OK'],
  ['application/json; charset=morse', '{}'],
])('a callback with a body of the type %s is heard by its address', async (type, body) => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  const { pathname, search } = new URL(callbackUrl!);

  const headers = { Accept: 'application/json', 'Content-Type': type };
  const answer = await fetch(new URL(pathname + search, shop.url), { method: 'POST', headers, body });

  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'paid' })]);
});

test('a callback whose body is compressed in an unknown way is heard by its address', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  const { pathname, search } = new URL(callbackUrl!);

  const answer = await fetch(new URL(pathname + search, shop.url), {
    method: 'POST',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Content-Encoding': 'morse' },
    body: '{}',
  });

  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ status: 'paid' })]);
});

test('a HEAD on the callback, as scanners of links send it, records nothing and asks nobody', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  const { pathname, search } = new URL(callbackUrl!);

  const head = await fetch(new URL(pathname + search, shop.url), { method: 'HEAD', redirect: 'manual' });

  expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET, POST']);
  expect(await storedQueries(placed.order.id)).toEqual([]);
  expect((await buyer.comeBack(callbackUrl)).body.status).toBe('paid');
});
