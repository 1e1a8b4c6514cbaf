import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { readLevels } from '../../entities/inventory/read-levels';
import { changeDraft, draftTransfer } from '../../entities/transfers/draft-transfer';
import { requireTransfer } from '../../entities/transfers/read-transfers';
import {
  cancelTransfer,
  moveStock,
  receiveTransfer,
  shipTransfer,
} from '../../entities/transfers/run-transfer';
import { newId } from '../../entities/values/uuid';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { buildTransfer } from '../support/factories/stock-work';
import { interleave } from '../support/interleave';
import { codeOf, guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openStockDesk, type StockDesk } from '../support/stock-desk';

let shop: ShopDatabase;
let desk: StockDesk;

beforeAll(async () => {
  shop = await openShopDatabase();
  desk = await openStockDesk(shop);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

describe('a transfer', () => {
  const receiving = (
    { id, variantId }: { readonly id: string; readonly variantId: string },
    quantity: number,
    receiptId = newId(),
  ) =>
    shop.run((transaction) =>
      receiveTransfer(transaction, desk.actor, { id, receiptId, lines: [{ variantId, quantity }] }),
    );
  const cancelling = (
    { id, variantId }: { readonly id: string; readonly variantId: string },
    returned: number,
    lost: number,
    receiptId = newId(),
  ) =>
    shop.run((transaction) =>
      cancelTransfer(transaction, desk.actor, { id, receiptId, lines: [{ variantId, returned, lost }] }),
    );

  test('takes only what nobody has reserved, and is shipped as it was read', async () => {
    const variant = await desk.buildVariant(5);
    const held = await desk.order(variant, 3);
    const id = newId();
    const toId = await buildLocation(shop.database);
    const lines = [{ variantId: variant.id, quantity: 3 }];
    const draft = { id, fromId: desk.place, toId, note: null, lines };
    const drafting = () => shop.run((transaction) => draftTransfer(transaction, desk.actor, draft));
    expect(await drafting()).toMatchObject({ isNew: true });
    expect(await drafting()).toMatchObject({ isNew: false });
    const shipping = (seen: number) =>
      shop.run((transaction) => shipTransfer(transaction, desk.actor, { id, seen }));
    expect(await refusalOf(shipping(1))).toMatchObject({
      code: 'transfer.not_free',
      details: { shortages: [{ onHand: 5, reserved: 3, left: 2 }], holders: [{ orderId: held.id }] },
    });
    const fewer = { id, seen: 1, note: 'fewer', lines: [{ variantId: variant.id, quantity: 2 }] };
    await shop.run((transaction) => changeDraft(transaction, desk.actor, fewer));
    expect(await codeOf(shipping(1))).toBe('transfer.changed');
    await shipping(2);
    expect(await shipping(2)).toMatchObject({ status: 'in_transit', version: 3 });
    expect(await codeOf(shop.run((transaction) => changeDraft(transaction, desk.actor, fewer)))).toBe(
      'transfer.not_draft',
    );
    const [arriving] = await readLevels(shop.database.manager, {
      ...{ sku: variant.sku, locationId: desk.place, after: null, limit: 1 },
    });
    expect(arriving).toMatchObject({ onHand: 3, reserved: 3, inTransit: 0 });
  });

  test('is received in parts, a receipt once also when it comes twice at once, and never above what was sent', async () => {
    const transfer = await buildTransfer(shop.database, desk.actor, { sent: 5, received: 0 });
    const receiptId = newId();
    await Promise.all([receiving(transfer, 2, receiptId), receiving(transfer, 2, receiptId)]);
    expect(await codeOf(receiving(transfer, 3, receiptId))).toBe('request.idempotency_key_reused');
    expect(await refusalOf(receiving(transfer, 4))).toMatchObject({
      code: 'transfer.more_than_sent',
      details: { quantity: 3 },
    });
    expect(await codeOf(receiving({ ...transfer, variantId: newId() }, 1))).toBe('transfer.line_not_found');
    expect(await receiving(transfer, 3)).toMatchObject({
      status: 'received',
      lines: [{ sent: 5, received: 5 }],
    });
    expect(await codeOf(receiving(transfer, 1))).toBe('transfer.not_in_transit');
    expect(await receiving(transfer, 2, receiptId)).toMatchObject({ status: 'received' });
  });

  test('is cancelled in transit only with an answer for every unit', async () => {
    const transfer = await buildTransfer(shop.database, desk.actor, { sent: 5, received: 2 });
    expect(await refusalOf(cancelling(transfer, 1, 1))).toMatchObject({
      code: 'transfer.unanswered',
      details: { variantId: transfer.variantId, quantity: 3 },
    });
    const receiptId = newId();
    await Promise.all([cancelling(transfer, 2, 1, receiptId), cancelling(transfer, 2, 1, receiptId)]);
    expect(await shop.run((transaction) => requireTransfer(transaction, transfer.id))).toMatchObject({
      status: 'cancelled',
      lines: [{ sent: 5, received: 2, returned: 2, lost: 1 }],
    });
    expect(await codeOf(cancelling(transfer, 0, 1))).toBe('transfer.not_in_transit');
    expect(await guardOf(rows(shop.database.manager, `UPDATE stock_transfers SET status = 'draft'`))).toMatch(
      /may not move from|ck_stock_transfers/,
    );
  });

  test('of one step moves damaged goods into quarantine, where nothing sells', async () => {
    const variant = await desk.buildVariant(5);
    const toId = await buildLocation(shop.database, { kind: 'quarantine', sells: false });
    const id = newId();
    const lines = [{ variantId: variant.id, quantity: 2 }];
    const moving = () =>
      shop.run((transaction) =>
        moveStock(transaction, desk.actor, { id, fromId: desk.place, toId, note: 'broken', lines }),
      );
    const moved = await Promise.all([moving(), moving()]);
    expect(moved.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 3 });
    expect(await desk.levelOf(variant, toId)).toMatchObject({ onHand: 2 });
    expect(await codeOf(desk.order(variant, 4))).toBe('checkout.out_of_stock');
  });

  test('in one step locks both levels in the order of all transactions, whichever way the goods go', async () => {
    const variant = await desk.buildVariant(5);
    const other = await buildLocation(shop.database);
    await receive(shop.database, variant.id, other, 5);
    const [first, last] = [desk.place, other].toSorted() as [string, string];
    const level = 'SELECT FROM stock_levels WHERE (variant_id, location_id) = ($1, $2) FOR UPDATE';
    const lines = [{ variantId: variant.id, quantity: 1 }];
    const { waited } = await interleave(
      shop,
      (transaction) => rows(transaction, level, [variant.id, first]),
      (transaction) =>
        moveStock(transaction, desk.actor, { id: newId(), fromId: last, toId: first, note: null, lines }),
      // Whoever waits for the first level must not hold the last one.
      async () => {
        await shop.run((transaction) => rows(transaction, `${level} NOWAIT`, [variant.id, last]));
      },
    );
    expect(waited).toBe(true);
  });

  test('under the key of another move, or of another draft, are refused', async () => {
    const variant = await desk.buildVariant(5);
    const toId = await buildLocation(shop.database);
    const of = (quantity: number) => ({
      ...{
        id: variant.id,
        fromId: desk.place,
        toId,
        note: null,
        lines: [{ variantId: variant.id, quantity }],
      },
    });
    const move = (quantity: number) =>
      shop.run((transaction) => moveStock(transaction, desk.actor, of(quantity)));
    const draft = (quantity: number) =>
      shop.run((transaction) => draftTransfer(transaction, desk.actor, { ...of(quantity), id: toId }));
    await move(2);
    await draft(2);
    expect(await move(2)).toMatchObject({ isNew: false });
    expect(await draft(2)).toMatchObject({ isNew: false });
    expect(await codeOf(move(3))).toBe('request.idempotency_key_reused');
    expect(await codeOf(draft(3))).toBe('request.idempotency_key_reused');
  });
});
