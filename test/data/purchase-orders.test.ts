import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readLevels } from '../../entities/inventory/read-levels';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { addToCollectingOrder } from '../../entities/purchasing/add-to-collecting-order';
import { putSupplierItem } from '../../entities/purchasing/change-supplier';
import { approveOrder, cancelOrder, rejectOrder } from '../../entities/purchasing/decide-purchase-order';
import {
  judgeReplies,
  storeReply,
  type JudgeReply,
  type SupplierAnswer,
} from '../../entities/purchasing/judge-replies';
import { orderByHand } from '../../entities/purchasing/order-by-hand';
import { requirePurchaseOrderState } from '../../entities/purchasing/purchase-order-state';
import { closeOrderShort, receiveGoods, type ReceivedLine } from '../../entities/purchasing/receive-goods';
import { remindAboutOrder } from '../../entities/purchasing/remind-about-order';
import { submitDueOrder, submitOrderNow } from '../../entities/purchasing/submit-purchase-order';
import {
  claimMessage,
  recordMessageOutcome,
  sendMessageAgain,
  type MessageOutcome,
} from '../../entities/purchasing/supplier-messages';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { buildAccount } from '../support/factories/accounts';
import {
  buildPurchaseOrder,
  ORDERED_AT,
  type BuiltPurchaseOrder,
} from '../support/factories/purchase-orders';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
let accountId: string;
beforeAll(async () => {
  shop = await openShopDatabase();
  accountId = (await buildAccount(shop.database)).id;
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const refusedAs = async (refused: Promise<unknown>) => (await refusalOf(refused))?.code;

const stateOf = (orderId: string) =>
  shop.run((transaction) => requirePurchaseOrderState(transaction, orderId));

const onHand = async (variantId: string) =>
  (await row<{ units: number }>(
    shop.database.manager,
    'SELECT on_hand AS units FROM stock_levels WHERE variant_id = $1',
    [variantId],
  ))!.units;

const incoming = async (variantId: string) => {
  const search = { sku: '', locationId: DEFAULT_LOCATION_ID, after: null, limit: 100 };
  const levels = await readLevels(shop.database.manager, search);
  return levels.find((level) => level.variantId === variantId)?.incoming;
};

const receive = (
  { orderId, variantId }: BuiltPurchaseOrder,
  line: Partial<ReceivedLine>,
  receiptId: string = newId(),
) =>
  shop.run((transaction) =>
    receiveGoods(transaction, {
      ...{ orderId, receiptId, accountId, note: null, at: ORDERED_AT + DAY_MS },
      lines: [{ variantId, received: 0, refused: 0, ...line }],
    }),
  );

const attempt = async (
  orderId: string,
  revision: number,
  number: number,
  outcome: MessageOutcome,
  at = ORDERED_AT,
) => {
  const input = { orderId, revision, attempt: number, at };
  const claimed = await shop.run((transaction) => claimMessage(transaction, input));
  await shop.run((transaction) => recordMessageOutcome(transaction, { ...input, outcome }));
  return claimed;
};

const reminder = (orderId: string) => (at: number) =>
  shop.run((transaction) =>
    remindAboutOrder(transaction, {
      ...{ orderId, at },
      patience: { remindAfterMs: DAY_MS, escalateAfterMs: 2 * DAY_MS },
    }),
  );

const endedLinesOf = async (orderId: string) =>
  (
    await rows<{ payload: object }>(
      shop.database.manager,
      `SELECT payload FROM events WHERE aggregate_id = $1 AND type = 'purchase_order.line_ended'`,
      [orderId],
    )
  ).map(({ payload }) => payload);

describe('a delivery', () => {
  test('comes in parts, and the order ends with the last one', async () => {
    const order = await buildPurchaseOrder(shop.database);
    expect((await receive(order, { received: 4 })).order.status).toBe('partly_received');
    expect(await incoming(order.variantId)).toBe(6);
    expect((await receive(order, { received: 6 })).order.status).toBe('received');
    expect(await onHand(order.variantId)).toBe(20);
    expect(await incoming(order.variantId)).toBe(0);
  });

  test('is booked once, however often and at once it is reported', async () => {
    const order = await buildPurchaseOrder(shop.database);
    const receiptId = newId();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => receive(order, { received: 4 }, receiptId)),
    );
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await onHand(order.variantId)).toBe(14);
    expect(await refusedAs(receive(order, { received: 5 }, receiptId))).toBe(
      'purchase_orders.receipt_differs',
    );
  });

  test('is booked to one order, also when two report it at once', async () => {
    const [one, other] = [await buildPurchaseOrder(shop.database), await buildPurchaseOrder(shop.database)];
    const receiptId = newId();
    const deliver =
      ({ orderId, variantId }: BuiltPurchaseOrder) =>
      (transaction: Transaction) =>
        receiveGoods(transaction, {
          ...{ orderId, receiptId, accountId, note: null, at: ORDERED_AT + DAY_MS },
          lines: [{ variantId, received: 4, refused: 0 }],
        });
    const { second } = await interleave(shop, deliver(one), deliver(other));
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'purchase_orders.receipt_differs' },
    });
    expect(await onHand(other.variantId)).toBe(10);
  });

  test('brings too much, or something that goes back', async () => {
    const order = await buildPurchaseOrder(shop.database);
    expect((await receive(order, { refused: 3 })).order.status).toBe('ordered');
    expect((await receive(order, { received: 13, refused: 1 })).order.status).toBe('received');
    const line = await row(
      shop.database.manager,
      'SELECT received, over FROM purchase_order_lines WHERE order_id = $1',
      [order.orderId],
    );
    expect(line).toEqual({ received: 13, over: 3 });
    expect(await onHand(order.variantId)).toBe(23);
  });

  test('comes after the end and is booked all the same', async () => {
    const order = await buildPurchaseOrder(shop.database);
    await shop.run((transaction) => cancelOrder(transaction, { orderId: order.orderId, at: ORDERED_AT }));
    expect((await receive(order, { received: 10 })).order.status).toBe('cancelled');
    expect(await onHand(order.variantId)).toBe(20);
  });

  test('comes before the answer to the order, which is then known to have arrived', async () => {
    const order = await buildPurchaseOrder(shop.database, { until: 'sending' });
    await attempt(order.orderId, 1, 1, { kind: 'unknown', message: 'no answer' });
    expect((await receive(order, { received: 1 })).order.message).toMatchObject({ status: 'sent' });
  });

  test('comes of no order, or of another variant', async () => {
    const order = await buildPurchaseOrder(shop.database, { until: 'collecting' });
    expect(await refusedAs(receive(order, { received: 1 }))).toBe('purchase_orders.not_ordered');
    const ordered = await buildPurchaseOrder(shop.database);
    expect(await refusedAs(receive({ ...ordered, variantId: order.variantId }, { received: 1 }))).toBe(
      'purchase_orders.line_unknown',
    );
  });

  test('never comes: only a person closes the order short', async () => {
    const { orderId } = await buildPurchaseOrder(shop.database);
    const { expectedAt } = await stateOf(orderId);
    const remind = reminder(orderId);
    expect(await remind(expectedAt! - 1)).toMatchObject({ attention: null, remindAt: expectedAt });
    const reminded = await remind(expectedAt!);
    expect(reminded).toMatchObject({ status: 'ordered', attention: null });
    expect(reminded.remindAt).toBe(expectedAt! + 2 * DAY_MS);
    expect(await remind(reminded.remindAt!)).toMatchObject({ status: 'ordered', attention: 'late' });
    const closed = await shop.run((transaction) =>
      closeOrderShort(transaction, { orderId, at: ORDERED_AT + 9 * DAY_MS }),
    );
    expect(closed.order).toMatchObject({ status: 'closed_short', attention: null });
    expect(await endedLinesOf(orderId)).toMatchObject([{ missing: 10 }]);
  });

  test('of a variant that was retired meanwhile is booked, because the goods are here', async () => {
    const order = await buildPurchaseOrder(shop.database);
    await rows(shop.database.manager, `UPDATE variants SET status = 'retired' WHERE id = $1`, [
      order.variantId,
    ]);
    expect((await receive(order, { received: 10 })).order.status).toBe('received');
    expect(await onHand(order.variantId)).toBe(20);
  });

  test('is one of a hundred of its order, and no more', async () => {
    const order = await buildPurchaseOrder(shop.database);
    const [first] = await Promise.all(Array.from({ length: 100 }, () => receive(order, { refused: 1 })));
    expect(first).toMatchObject({ isNew: true });
    expect(await refusedAs(receive(order, { received: 10 }))).toBe('purchase_orders.too_many_receipts');
    expect(await onHand(order.variantId)).toBe(10);
  });

  test('of more units than a line may have is refused, whatever came before', async () => {
    const order = await buildPurchaseOrder(shop.database);
    await receive(order, { received: 6 });
    expect(await refusedAs(receive(order, { received: 99_999_995 }))).toBe('purchase_orders.too_many_units');
    expect(await onHand(order.variantId)).toBe(16);
  });
});

describe('an order that needs approval', () => {
  const submitted = async () => {
    const supplierId = await buildSupplier(shop.database, { approvalLimit: 1_000_000 });
    const { variantId } = await buildSupplierItem(shop.database, supplierId, { pack: 6, minimumOrder: 12 });
    const byHand = (quantity: number, requestId: string = newId()) =>
      shop.run((transaction) =>
        orderByHand(transaction, {
          ...{ requestId, supplierId, locationId: DEFAULT_LOCATION_ID, accountId, at: ORDERED_AT },
          lines: [{ variantId, quantity }],
        }),
      );
    const {
      order: { id: orderId },
    } = await byHand(12, supplierId);
    expect(await byHand(12, supplierId)).toMatchObject({ isNew: false });
    expect(await refusedAs(byHand(18, supplierId))).toBe('request.idempotency_key_reused');
    return { orderId, byHand };
  };

  test('gets the lines of a request once, also when it comes twice at a time', async () => {
    const { byHand } = await submitted();
    const requestId = newId();
    const both = await Promise.all(Array.from({ length: 4 }, () => byHand(12, requestId)));
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
    const [{ order }] = both as [(typeof both)[0]];
    expect(order.id).toBe(both[3]!.order.id);
  });

  test('is above a value, below whole packs refused, and goes out when somebody else agrees', async () => {
    const { orderId, byHand } = await submitted();
    expect(await refusedAs(byHand(13))).toBe('suppliers.pack_broken');
    expect(await refusedAs(byHand(6))).toBe('suppliers.below_minimum_order');
    const at = ORDERED_AT;
    const due = await shop.run((transaction) => submitDueOrder(transaction, { orderId, at }));
    expect(due.status).toBe('collecting');
    const late = await shop.run((transaction) => submitDueOrder(transaction, { orderId, at: due.cutoffAt }));
    expect(late.status).toBe('awaiting_approval');
    const approve = (by: string) =>
      shop.run((transaction) => approveOrder(transaction, { orderId, accountId: by, at }));
    expect(await refusedAs(approve(accountId))).toBe('purchase_orders.own_approval');
    const other = await buildAccount(shop.database);
    expect(await approve(other.id)).toMatchObject({
      isNew: true,
      order: { status: 'sending', message: { revision: 1, status: 'pending' } },
    });
    expect(await approve(other.id)).toMatchObject({ isNew: false, order: { status: 'sending' } });
  });

  test('is reminded of, then needs somebody, and starts over with its deliveries once it is approved', async () => {
    const { orderId } = await submitted();
    const at = ORDERED_AT;
    await shop.run((transaction) => submitOrderNow(transaction, { orderId, at }));
    const remind = reminder(orderId);
    expect(await remind(at)).toMatchObject({ reminders: 0, remindAt: at + DAY_MS, attention: null });
    expect(await remind(at + DAY_MS - 1)).toMatchObject({ reminders: 0 });
    expect(await remind(at + DAY_MS)).toMatchObject({
      ...{ reminders: 1, remindAt: at + 3 * DAY_MS, attention: null },
    });
    expect(await remind(at + 3 * DAY_MS)).toMatchObject({ reminders: 2, attention: 'unapproved' });
    const other = await buildAccount(shop.database);
    expect(
      await shop.run((transaction) => approveOrder(transaction, { orderId, accountId: other.id, at })),
    ).toMatchObject({ order: { status: 'sending', reminders: 0, remindAt: null, attention: null } });
  });

  test('is worth more than a number can say: its value is above every limit, and by hand it is refused', async () => {
    const supplierId = await buildSupplier(shop.database, { approvalLimit: 1_000_000_000_000 });
    const { variantId } = await buildSupplierItem(shop.database, supplierId, { unitCost: 1_000_000_000_000 });
    const place = { variantId, locationId: DEFAULT_LOCATION_ID };
    const added = await shop.run((transaction) =>
      addToCollectingOrder(transaction, {
        ...{ ...place, quantity: 90_000_000, decisionId: newId(), approval: [] },
        at: new Date(ORDERED_AT),
      }),
    );
    if (added.kind !== 'added') throw new Error(added.kind);
    const byHand = (quantity: number) =>
      shop.run((transaction) =>
        orderByHand(transaction, {
          ...{ requestId: newId(), supplierId, accountId, at: ORDERED_AT, locationId: place.locationId },
          lines: [{ variantId, quantity }],
        }),
      );
    expect(await refusedAs(byHand(1_001))).toBe('purchase_orders.too_valuable');
    await rows(shop.database.manager, 'UPDATE supplier_items SET unit_cost = 1 WHERE variant_id = $1', [
      variantId,
    ]);
    expect(await refusedAs(byHand(10_000_001))).toBe('purchase_orders.too_many_units');
    const { orderId } = added;
    expect(
      await shop.run((transaction) => submitOrderNow(transaction, { orderId, at: ORDERED_AT })),
    ).toMatchObject({ order: { status: 'awaiting_approval' } });
  });

  test('is not approved after it was rejected or cancelled', async () => {
    const { orderId } = await submitted();
    const at = ORDERED_AT;
    await shop.run((transaction) => submitOrderNow(transaction, { orderId, at }));
    const rejected = await shop.run((transaction) => rejectOrder(transaction, { orderId, at }));
    expect(rejected.order).toMatchObject({ status: 'cancelled', message: null });
    const submit = shop.run((transaction) => submitOrderNow(transaction, { orderId, at }));
    expect(await refusedAs(submit)).toBe('purchase_orders.not_collecting');
    expect(await endedLinesOf(orderId)).toMatchObject([{ missing: 12 }]);
    const other = await buildAccount(shop.database);
    expect(
      await refusedAs(
        shop.run((transaction) => approveOrder(transaction, { orderId, accountId: other.id, at })),
      ),
    ).toBe('purchase_orders.not_awaiting_approval');
  });
});

describe('a message to a supplier', () => {
  test('goes out again with the same id until there is an answer, ever later', async () => {
    const { orderId } = await buildPurchaseOrder(shop.database, { until: 'sending' });
    const lost: MessageOutcome = { kind: 'unknown', message: 'no answer' };
    const first = await attempt(orderId, 1, 1, lost);
    expect(await stateOf(orderId)).toMatchObject({
      status: 'sending',
      message: { status: 'unknown', nextAt: ORDERED_AT + 30_000 },
    });
    // A worker that repeats the attempt, and one that is early.
    expect(await attempt(orderId, 1, 1, lost)).toBeUndefined();
    expect(await attempt(orderId, 1, 2, lost)).toBeUndefined();
    const second = await attempt(orderId, 1, 2, { kind: 'sent', message: '202' }, ORDERED_AT + 30_000);
    expect(second!.webhookId).toBe(first!.webhookId);
    expect(await stateOf(orderId)).toMatchObject({ status: 'ordered', message: { status: 'sent' } });
  });

  test('is refused: somebody puts it right and sends it again', async () => {
    const { orderId } = await buildPurchaseOrder(shop.database, { until: 'sending' });
    await attempt(orderId, 1, 1, { kind: 'refused', message: '401' });
    expect(await stateOf(orderId)).toMatchObject({ status: 'sending', attention: 'unreachable' });
    const at = ORDERED_AT + 1;
    await shop.run((transaction) => sendMessageAgain(transaction, { orderId, at }));
    await attempt(orderId, 1, 2, { kind: 'sent', message: '202' }, at);
    expect(await stateOf(orderId)).toMatchObject({ status: 'ordered', attention: null });
  });

  test('is not sent again once the supplier has the order', async () => {
    const order = await buildPurchaseOrder(shop.database, { until: 'sending' });
    const { orderId } = order;
    await attempt(orderId, 1, 1, { kind: 'refused', message: '401' });
    await receive(order, { received: 1 });
    const again = shop.run((transaction) => sendMessageAgain(transaction, { orderId, at: ORDERED_AT }));
    expect(await refusedAs(again)).toBe('purchase_orders.nothing_to_send');
    expect(await stateOf(orderId)).toMatchObject({ message: { status: 'refused', nextAt: null } });
  });

  test('of an order that is cancelled: who may know of it is told, who cannot is not', async () => {
    const cancel = (orderId: string) =>
      shop.run((transaction) => cancelOrder(transaction, { orderId, at: ORDERED_AT }));
    const unsent = await buildPurchaseOrder(shop.database, { until: 'sending' });
    expect(await cancel(unsent.orderId)).toMatchObject({
      order: { status: 'cancelled', message: { status: 'withdrawn' } },
    });
    const sent = await buildPurchaseOrder(shop.database);
    const revoked = await cancel(sent.orderId);
    expect(await cancel(sent.orderId)).toEqual({ ...revoked, isNew: false });
    expect(revoked.order).toMatchObject({ message: { revision: 2, kind: 'cancel', status: 'pending' } });
    await attempt(sent.orderId, 2, 1, { kind: 'refused', message: 'it is on its way' });
    expect(await stateOf(sent.orderId)).toMatchObject({ attention: 'cancellation_refused' });
    const partly = await buildPurchaseOrder(shop.database);
    await receive(partly, { received: 1 });
    expect(await refusedAs(cancel(partly.orderId))).toBe('purchase_orders.not_cancellable');
  });
});

describe("a supplier's reply", () => {
  const reply = async (
    { orderId, supplierId }: BuiltPurchaseOrder,
    answer: SupplierAnswer | 'forged',
    webhookId: string = newId(),
  ) => {
    const judge: JudgeReply = () =>
      answer === 'forged' ? { verdict: 'forged' } : { verdict: 'genuine', answer };
    const stored = await shop.run((transaction) =>
      storeReply(transaction, {
        ...{ supplierId, orderId, webhookId, signedAt: ORDERED_AT / 1000, signature: 'v1,x' },
        body: Buffer.from(newId()),
      }),
    );
    expect(stored).toBe('stored');
    return shop.run((transaction) => judgeReplies(transaction, { orderId, at: ORDERED_AT }, judge));
  };

  test('tells that the order has arrived, and what is missing', async () => {
    const order = await buildPurchaseOrder(shop.database, { until: 'sending' });
    const { supplierSku: sku } = order;
    const said = await reply(order, { kind: 'partly_accepted', lines: [{ sku, quantity: 7 }] });
    expect(said.order).toMatchObject({ status: 'ordered', attention: 'partly_accepted', hasReply: false });
    const expectedAt = new Date(ORDERED_AT + 9 * DAY_MS);
    const dispatched = await reply(order, { kind: 'dispatched', expectedAt });
    expect(dispatched.order).toMatchObject({ remindAt: expectedAt.getTime() });
    const [line] = await rows(
      shop.database.manager,
      'SELECT confirmed FROM purchase_order_lines WHERE order_id = $1',
      [order.orderId],
    );
    expect(line).toEqual({ confirmed: 7 });
  });

  test('names the SKU of its order, although both sides have renamed it meanwhile', async () => {
    const order = await buildPurchaseOrder(shop.database);
    const { supplierSku: sku, variantId, supplierId, orderId } = order;
    await rows(shop.database.manager, `UPDATE variants SET sku = 'RENAMED-SINCE' WHERE id = $1`, [variantId]);
    await shop.run((transaction) =>
      putSupplierItem(transaction, supplierId, {
        ...{ variantId, supplierSku: 'S-RENAMED', pack: 1, minimumOrder: 1, unitCost: null, preferred: true },
        maySetCost: false,
      }),
    );
    await reply(order, { kind: 'partly_accepted', lines: [{ sku, quantity: 7 }] });
    const [line] = await rows(
      shop.database.manager,
      'SELECT confirmed FROM purchase_order_lines WHERE order_id = $1',
      [orderId],
    );
    expect(line).toEqual({ confirmed: 7 });
  });

  test('refuses the order, once, and says nothing any more after the end', async () => {
    const order = await buildPurchaseOrder(shop.database);
    const webhookId = newId();
    const refused = await reply(order, { kind: 'refused' }, webhookId);
    expect(refused).toMatchObject({
      verdicts: ['genuine'],
      order: { status: 'refused', attention: 'refused' },
    });
    expect(await endedLinesOf(order.orderId)).toEqual([{ variantId: order.variantId, missing: 10 }]);
    expect(await reply(order, { kind: 'accepted' }, webhookId)).toMatchObject({ verdicts: ['repeated'] });
    expect(await reply(order, { kind: 'accepted' })).toMatchObject({
      verdicts: ['genuine'],
      order: { status: 'refused' },
    });
  });

  test('that is forged changes nothing, and one to an order of somebody else is not kept', async () => {
    const order = await buildPurchaseOrder(shop.database);
    expect(await reply(order, 'forged')).toMatchObject({
      verdicts: ['forged'],
      order: { status: 'ordered' },
    });
    const supplierId = await buildSupplier(shop.database);
    const foreign = {
      ...order,
      supplierId,
      webhookId: 'x',
      signedAt: 1,
      signature: 'x',
      body: Buffer.from('x'),
    };
    expect(await shop.run((transaction) => storeReply(transaction, foreign))).toBe('unknown_order');
  });

  test('comes in a flood: no more than a few wait', async () => {
    const order = await buildPurchaseOrder(shop.database);
    const store = () =>
      shop.run((transaction) =>
        storeReply(transaction, {
          ...order,
          ...{ webhookId: newId(), signedAt: 1, signature: 'x', body: Buffer.from('x') },
        }),
      );
    for (let sent = 0; sent < 20; sent += 1) await store();
    expect(await store()).toBe('too_many');
  });

  test('that is forged a hundred times in an hour is not even kept any more, and one to an order that nobody told is not at all', async () => {
    const order = await buildPurchaseOrder(shop.database);
    for (let sent = 0; sent < 100; sent += 1) await reply(order, 'forged');
    await expect(reply(order, 'forged')).rejects.toThrow('too_many');
    await rows(
      shop.database.manager,
      `UPDATE supplier_replies SET processed_at = processed_at - interval '61 minutes' WHERE order_id = $1`,
      [order.orderId],
    );
    expect(await reply(order, { kind: 'accepted' })).toMatchObject({ verdicts: ['genuine'] });
    const collecting = await buildPurchaseOrder(shop.database, { until: 'collecting' });
    await expect(reply(collecting, 'forged')).rejects.toThrow('unknown_order');
  });
});
