import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findLeftCarts, remindOfCart } from '../../entities/cart-reminders/remind-of-cart';
import { cartIdOf } from '../../entities/carts/cart-token';
import { findCurrentCart } from '../../entities/carts/current-cart';
import { addToCart } from '../../entities/carts/put-into-cart';
import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { buildAccount } from '../support/factories/accounts';
import { newCartToken, WIDE_LIMITS } from '../support/factories/carts';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildOrder } from '../support/factories/orders';
import { moveStock } from '../support/factories/stock-waits';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const quietMs = 4 * 3_600_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  rows<Row>(shop.database.manager, sql, values);
const consent = (accountId: string, marketing: boolean) =>
  shop.run((transaction) => changeProfile(transaction, { accountId, marketing }));
const age = (cartId: string, hours: number) =>
  run(`UPDATE carts SET updated_at = now() - $2 * interval '1 hour' WHERE id = $1`, [cartId, hours]);
const remind = (cartId: string) => shop.run((transaction) => remindOfCart(transaction, { cartId, quietMs }));
const isFound = async (cartId: string) =>
  (await findLeftCarts(shop.database.manager, { after: FIRST, quietMs, atMost: 1_000 })).includes(cartId);

/** A cart that a customer who allows it has left five hours ago. */
async function buildLeft({ hours = 5, allows = true } = {}) {
  const { id: accountId, phone } = await buildAccount(shop.database);
  if (allows) await consent(accountId, true);
  const variant = await buildStockedVariant(shop.database);
  const cart = await buildFilledCart(shop.database, [{ variantId: variant.id, quantity: 1 }], accountId);
  await age(cart.id, hours);
  return { accountId, phone, variant, cart, cartId: cart.id };
}

test('a customer who allows it is reminded of a cart once, in their language', async () => {
  const { accountId, phone, cartId } = await buildLeft();
  await shop.run((transaction) => changeProfile(transaction, { accountId, language: 'en' }));
  expect(await isFound(cartId)).toBe(true);

  const messageId = await remind(cartId);

  expect(
    await run('SELECT recipient, template, language, kind, variables FROM sms_messages WHERE id = $1', [
      messageId,
    ]),
  ).toEqual([
    { recipient: phone, template: 'cart_waits', language: 'en', kind: 'notice', variables: { lines: '1' } },
  ]);
  expect(await isFound(cartId)).toBe(false);
  expect(await remind(cartId)).toBeUndefined();
});

test('a cart that customers open themselves is theirs at once, and the one they are reminded of', async () => {
  const { accountId, variant, cartId: older } = await buildLeft();
  const id = cartIdOf(newCartToken());
  await shop.run((transaction) =>
    addToCart(
      transaction,
      { id, callerId: accountId, mayBeOpened: true },
      { variantId: variant.id, quantity: 1 },
      WIDE_LIMITS,
    ),
  );
  await age(id, 5);
  expect(await findCurrentCart(shop.database.manager, accountId)).toBe(id);
  expect([await isFound(older), await isFound(id)]).toEqual([false, true]);
});

test('two workers at once store one message', async () => {
  const { cartId } = await buildLeft();
  const stored = await Promise.all([remind(cartId), remind(cartId), remind(cartId)]);
  expect(stored.filter(Boolean)).toHaveLength(1);
});

describe('nobody is reminded', () => {
  type Left = Awaited<ReturnType<typeof buildLeft>>;

  test.each<[string, (left: Left) => Promise<unknown>]>([
    ['who has withdrawn the consent', ({ accountId }) => consent(accountId, false)],
    ['whose cart is young', ({ cartId }) => age(cartId, 3)],
    ['whose cart is older than three days', ({ cartId }) => age(cartId, 73)],
    ['whose cart is empty', ({ cartId }) => run('DELETE FROM cart_lines WHERE cart_id = $1', [cartId])],
    ['whose goods are sold out', ({ variant }) => moveStock(shop.database, variant.id, -10)],
    [
      'who has put something into a newer cart',
      ({ accountId, variant }) =>
        buildFilledCart(shop.database, [{ variantId: variant.id, quantity: 1 }], accountId),
    ],
    [
      'whose account is blocked',
      ({ accountId }) => run(`UPDATE accounts SET status = 'blocked' WHERE id = $1`, [accountId]),
    ],
  ])('%s', async (_, change) => {
    const left = await buildLeft();
    await change(left);
    expect(await remind(left.cartId)).toBeUndefined();
    await run(`UPDATE accounts SET status = 'active' WHERE id = $1`, [left.accountId]);
  });

  test('who never consented', async () => {
    const { cartId } = await buildLeft({ allows: false });
    expect([await isFound(cartId), await remind(cartId)]).toEqual([false, undefined]);
  });

  test('while a cart is paid, nor after it was bought', async () => {
    for (const stage of ['open', 'paid'] as const) {
      const { cart, variant } = await buildLeft();
      await run('UPDATE carts SET updated_at = now() WHERE id = $1', [cart.id]);
      const lines = [{ variant, quantity: 1 }];
      await buildOrder(shop.database, { stage, cart, lines });
      await age(cart.id, 5);
      expect([stage, await isFound(cart.id), await remind(cart.id)]).toEqual([stage, false, undefined]);
    }
  });

  test('twice of a cart that was not bought, even when it changed, nor of two carts in a week', async () => {
    const { cartId, accountId, variant } = await buildLeft();
    await remind(cartId);
    await run(`UPDATE cart_reminders SET created_at = now() - interval '6 days' WHERE cart_id = $1`, [
      cartId,
    ]);
    const other = await buildFilledCart(shop.database, [{ variantId: variant.id, quantity: 1 }], accountId);
    await age(other.id, 5);
    expect(await remind(other.id)).toBeUndefined();

    await run(`UPDATE cart_reminders SET created_at = now() - interval '8 days' WHERE cart_id = $1`, [
      cartId,
    ]);
    await run('UPDATE carts SET version = version + 1 WHERE id = $1', [cartId]);
    await run('DELETE FROM carts WHERE id = $1', [other.id]);
    expect([await isFound(cartId), await remind(cartId)]).toEqual([false, undefined]);
  });

  test('whose account is erased meanwhile', async () => {
    const { cartId, accountId } = await buildLeft();
    const { second } = await interleave(
      shop,
      (transaction) => eraseAccount(transaction, accountId),
      (transaction) => remindOfCart(transaction, { cartId, quietMs }),
    );
    expect(second).toEqual({ status: 'fulfilled', value: undefined });
  });
});

test('a reminder goes with its person, and with its cart', async () => {
  const [erased, forgotten] = [await buildLeft(), await buildLeft()];
  await remind(erased.cartId);
  await remind(forgotten.cartId);

  await shop.run((transaction) => eraseAccount(transaction, erased.accountId));
  await run('DELETE FROM carts WHERE id = $1', [forgotten.cartId]);

  expect(
    await run('SELECT 1 FROM cart_reminders WHERE account_id = ANY($1)', [
      [erased.accountId, forgotten.accountId],
    ]),
  ).toEqual([]);
});
