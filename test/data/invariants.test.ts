import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { checkInvariants, ROWS_SHOWN, type Violation } from '../../entities/invariants/check-invariants';
import { TRIGGERS } from '../../entities/invariants/guards-are-in-force';
import type { Created } from '../../entities/notifications/notify';
import type { SmsKind } from '../../entities/sms/sms-status';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { withSnapshot } from '../../platform/snapshot';
import { countStatements } from '../../platform/statement-count';
import { buildSession } from '../support/factories/accounts';
import { buildHandedOver, buildWilling } from '../support/factories/campaigns';
import { buildGroup, say, type BuiltGroup } from '../support/factories/chat';
import { buildNotification } from '../support/factories/notifications';
import { buildOrder, type BuiltOrder, type OrderStage } from '../support/factories/orders';
import { buildPolicy } from '../support/factories/policies';
import { buildPurchaseOrder, type BuiltPurchaseOrder } from '../support/factories/purchase-orders';
import { buildMessage, buildSend } from '../support/factories/sms';
import { buildAdmin, type BuiltStaff } from '../support/factories/staff';
import { buildApprovedCount, buildTransfer } from '../support/factories/stock-work';
import { buildTicket } from '../support/factories/tickets';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

const STAGES: readonly OrderStage[] = [
  'requesting',
  'open',
  'verifying',
  'paid',
  'expired',
  'cancelled',
  'surplus',
  'refunded',
];

let shop: ShopDatabase;
const orders = {} as Record<OrderStage, BuiltOrder>;
/** Messages that a provider has accepted. */
const sms = {} as Record<SmsKind, { readonly id: string; readonly attemptId: string }>;
let session: { readonly sessionId: string; readonly accountId: string };
let admin: BuiltStaff;
/** Five units on their way, of which two have arrived. */
let transfer: { readonly id: string; readonly variantId: string };
/** An approved count that found one unit too few. */
let count: { readonly id: string; readonly variantId: string };
let purchase: BuiltPurchaseOrder;
let policyId: string;
/** A campaign of which two recipients are in a call. */
let campaign: { readonly id: string; readonly authorId: string };
/** A group in which its member has written twice. */
let group: BuiltGroup;
/** A ticket of that member that nobody has answered. */
let ticketId: string;
/** A notification of somebody, which was not read. */
let told: Created;

beforeAll(async () => {
  shop = await openShopDatabase();
  for (const stage of STAGES) orders[stage] = await buildOrder(shop.database, { stage });
  session = await buildSession(shop.database);
  admin = await buildAdmin(shop.database);
  transfer = await buildTransfer(shop.database, admin, { sent: 5, received: 2 });
  count = await buildApprovedCount(shop.database, admin, -1);
  purchase = await buildPurchaseOrder(shop.database);
  await buildWilling(shop.database, 2);
  campaign = await buildHandedOver(shop.database);
  policyId = await buildPolicy(shop.database, variantOf(orders.paid));
  group = await buildGroup(shop);
  for (const text of ['Hello', 'Hello again']) await say(shop, group.member, group.roomId, text);
  ({ id: ticketId } = await buildTicket(shop, group.member));
  told = await buildNotification(shop);
  for (const kind of ['code', 'notice'] as const) {
    const { id } = await buildMessage(shop.database, { kind });
    sms[kind] = { id, attemptId: (await buildSend(shop.database, id))!.attemptId };
  }
});
afterAll(() => shop.close());

/** Statements that get past every guard. */
type Breach = readonly (readonly [sql: string, ...parameters: unknown[]])[];

/** The violations after these statements, which are rolled back. */
async function afterBreaking(...statements: Breach): Promise<Violation[]> {
  const runner = shop.database.createQueryRunner();
  await runner.startTransaction();
  try {
    for (const [sql, ...parameters] of statements) await rows(runner.manager, sql, parameters);
    return await checkInvariants(runner.manager);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

/** Switches triggers and foreign keys off for the rest of the transaction. */
const BLIND = ['SET LOCAL session_replication_role = replica'] as const;
const drop = (table: string, constraint: string) =>
  [`ALTER TABLE ${table} DROP CONSTRAINT ${constraint} CASCADE`] as const;

const NOBODY = newId();
const variantOf = (order: BuiltOrder) => order.lines[0]!.variant.id;
const productOf = (order: BuiltOrder) => order.lines[0]!.variant.productId;

/** For every invariant: how to break it, and the violation that is then found. */
const BREACHES: Record<string, () => { breach: Breach; violation: object }> = {
  'on-hand-is-sum-of-movements': () => ({
    breach: [['UPDATE stock_levels SET on_hand = on_hand + 5 WHERE variant_id = $1', variantOf(orders.paid)]],
    violation: { variantId: variantOf(orders.paid), onHand: 13, moved: 8 },
  }),
  'movements-have-no-gaps': () => ({
    breach: [['UPDATE stock_levels SET movement_seq = 7 WHERE variant_id = $1', variantOf(orders.paid)]],
    violation: { variantId: variantOf(orders.paid), movementSeq: 7, movements: 2, oldest: 1, newest: 2 },
  }),
  'movements-keep-a-running-balance': () => ({
    breach: [
      BLIND,
      [
        'UPDATE stock_movements SET on_hand_after = 3 WHERE variant_id = $1 AND seq = 2',
        variantOf(orders.paid),
      ],
    ],
    violation: { variantId: variantOf(orders.paid), seq: 2, before: 10, delta: -2, onHandAfter: 3 },
  }),
  'acts-are-booked-once': () => ({
    breach: [
      drop('stock_movements', 'uq_stock_movements_act'),
      [
        `INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref)
         SELECT variant_id, location_id, 3, delta, 6, reason, ref FROM stock_movements WHERE variant_id = $1 AND seq = 2`,
        variantOf(orders.paid),
      ],
    ],
    violation: { reason: 'sale', ref: orders.paid.id, variantId: variantOf(orders.paid), bookings: 2 },
  }),
  'reserved-is-within-on-hand': () => ({
    breach: [
      drop('stock_levels', 'ck_stock_levels_reserved'),
      ['UPDATE stock_levels SET reserved = on_hand + 1 WHERE variant_id = $1', variantOf(orders.open)],
    ],
    violation: { variantId: variantOf(orders.open), reserved: 11, onHand: 10 },
  }),
  'reserved-is-sum-of-holds': () => ({
    breach: [['UPDATE stock_levels SET reserved = 0 WHERE variant_id = $1', variantOf(orders.open)]],
    violation: { variantId: variantOf(orders.open), reserved: 0, held: 2 },
  }),
  'awaiting-orders-hold-their-lines': () => ({
    breach: [BLIND, ['UPDATE order_lines SET quantity = 3 WHERE order_id = $1', orders.open.id]],
    violation: { orderId: orders.open.id, variantId: variantOf(orders.open), wanted: 3, held: 2 },
  }),
  'subscriptions-can-be-answered': () => ({
    breach: [
      BLIND,
      [
        `INSERT INTO stock_subscriptions (id, account_id, audience, kind, variant_id)
         VALUES ($1, $2, 'customer', 'back', $3)`,
        NOBODY,
        session.accountId,
        variantOf(orders.paid),
      ],
      [`UPDATE variants SET status = 'retired' WHERE id = $1`, variantOf(orders.paid)],
    ],
    violation: { subscriptionId: NOBODY, variantId: variantOf(orders.paid), accountStatus: 'active' },
  }),
  'customers-hear-of-returns-only': () => ({
    breach: [
      BLIND,
      [
        `INSERT INTO stock_alerts (id, variant_id, kind, aggregate_id, version, scope_id)
         VALUES ($1, $2, 'out', $2, 1, $2)`,
        NOBODY,
        variantOf(orders.paid),
      ],
      [
        `INSERT INTO stock_notices (alert_id, account_id, audience, message_id) VALUES ($1, $2, 'customer', $3)`,
        NOBODY,
        session.accountId,
        sms.notice.id,
      ],
    ],
    violation: { alertId: NOBODY, messageId: sms.notice.id, kind: 'out' },
  }),
  'only-awaiting-orders-hold': () => ({
    breach: [BLIND, [`UPDATE reservations SET state = 'held' WHERE order_id = $1`, orders.expired.id]],
    violation: { orderId: orders.expired.id, status: 'expired', quantity: 2 },
  }),
  'orders-have-known-customers': () => ({
    breach: [BLIND, ['UPDATE orders SET customer_id = $2 WHERE id = $1', orders.open.id, NOBODY]],
    violation: { orderId: orders.open.id, customerId: NOBODY },
  }),
  'delivered-orders-have-recipients': () => ({
    breach: [['DELETE FROM order_recipients WHERE order_id = $1', orders.open.id]],
    violation: { orderId: orders.open.id, customerId: null },
  }),
  'erased-customers-have-no-recipients': () => ({
    breach: [
      ['UPDATE orders SET customer_id = $2 WHERE id = $1', orders.open.id, session.accountId],
      ['UPDATE sessions SET ended_at = now(), end_reason = $2 WHERE id = $1', session.sessionId, 'erased'],
      [`UPDATE accounts SET status = 'erased', phone = NULL WHERE id = $1`, session.accountId],
    ],
    violation: { orderId: orders.open.id, cartId: null, customerId: session.accountId },
  }),
  'joined-carts-have-known-customers': () => ({
    breach: [
      BLIND,
      ['UPDATE carts SET customer_id = $2, joined_at = now() WHERE id = $1', orders.open.cart.id, NOBODY],
    ],
    violation: { cartId: orders.open.cart.id, customerId: NOBODY },
  }),
  'paid-orders-sold-their-lines': () => ({
    breach: [BLIND, [`UPDATE reservations SET state = 'released' WHERE order_id = $1`, orders.paid.id]],
    violation: { orderId: orders.paid.id, variantId: variantOf(orders.paid), wanted: 2, committed: 0 },
  }),
  'sales-are-booked-once': () => ({
    breach: [BLIND, [`DELETE FROM stock_movements WHERE reason = 'sale' AND ref = $1`, orders.paid.id]],
    violation: {
      orderId: orders.paid.id,
      variantId: variantOf(orders.paid),
      committed: 2,
      sold: 0,
      sales: 0,
    },
  }),
  'totals-are-sums-of-lines': () => ({
    breach: [['UPDATE order_lines SET unit_price = 1 WHERE order_id = $1', orders.paid.id]],
    violation: { orderId: orders.paid.id, total: 500_000, sumOfLines: 2 },
  }),
  'carts-have-one-open-order': () => ({
    breach: [
      ['DROP INDEX uq_orders_open_per_cart'],
      ['UPDATE orders SET cart_id = $1 WHERE id = $2', orders.open.cart.id, orders.requesting.id],
    ],
    violation: { cartId: orders.open.cart.id, orders: 2 },
  }),
  'sms-messages-are-sent-once-at-a-time': () => ({
    breach: [
      ['DROP INDEX uq_sms_attempts_notice_once'],
      [
        `INSERT INTO sms_attempts (id, message_id, kind, ordinal, provider, operation, status, is_probe, answered_at)
         VALUES (gen_random_uuid(), $1, 'notice', 2, 'second', 'text', 'unknown', false, now())`,
        sms.notice.id,
      ],
    ],
    violation: { messageId: sms.notice.id, sending: 0, open: 2 },
  }),
  'sms-attempts-have-what-their-status-needs': () => ({
    breach: [
      drop('sms_attempts', 'ck_sms_attempts_accepted'),
      ['UPDATE sms_attempts SET provider_message_id = NULL WHERE id = $1', sms.code.attemptId],
    ],
    violation: { attemptId: sms.code.attemptId, messageId: sms.code.id, status: 'accepted' },
  }),
  'sms-messages-follow-their-sends': () => ({
    breach: [
      [`UPDATE sms_messages SET status = 'delivered', finished_at = now() WHERE id = $1`, sms.notice.id],
    ],
    violation: { messageId: sms.notice.id, status: 'delivered' },
  }),
  'sms-codes-are-erased': () => ({
    breach: [
      drop('sms_messages', 'ck_sms_messages_erased'),
      [`UPDATE sms_messages SET status = 'unconfirmed', finished_at = now() WHERE id = $1`, sms.code.id],
    ],
    violation: { messageId: sms.code.id, status: 'unconfirmed' },
  }),
  'sms-reports-are-erased': () => ({
    breach: [
      drop('sms_reports', 'ck_sms_reports_erased'),
      [
        `INSERT INTO sms_reports (id, message_id, attempt_id, provider, url, fields, processed_at, verdict)
         VALUES (gen_random_uuid(), $1, $2, 'first', '', '[]', now(), 'forged')`,
        sms.code.id,
        sms.code.attemptId,
      ],
    ],
    violation: { messageId: sms.code.id, verdict: 'forged' },
  }),
  'live-sessions-have-live-accounts': () => ({
    breach: [[`UPDATE accounts SET status = 'blocked' WHERE id = $1`, session.accountId]],
    violation: { sessionId: session.sessionId, accountId: session.accountId, status: 'blocked' },
  }),
  'accounts-have-few-sessions': () => ({
    breach: [
      BLIND,
      [
        `INSERT INTO sessions (id, account_id, verification_id, kind, idle_until, ends_at, device_label, client_key)
         SELECT gen_random_uuid(), account_id, gen_random_uuid(), kind, idle_until, ends_at, '', ''
         FROM sessions CROSS JOIN generate_series(1, 10) WHERE id = $1`,
        session.sessionId,
      ],
    ],
    violation: { accountId: session.accountId, sessions: 11 },
  }),
  'session-ends-are-told': () => ({
    breach: [
      [`UPDATE sessions SET ended_at = now(), end_reason = 'signed_out' WHERE id = $1`, session.sessionId],
    ],
    violation: { sessionId: session.sessionId, opened: 1, ended: 0 },
  }),
  'sessions-have-used-codes': () => ({
    breach: [
      [
        `UPDATE verifications SET used_at = NULL WHERE id = (SELECT verification_id FROM sessions WHERE id = $1)`,
        session.sessionId,
      ],
    ],
    violation: { sessionId: session.sessionId, purpose: 'sign_in', usedAt: null },
  }),
  'codes-are-within-their-attempts': () => ({
    breach: [drop('verifications', 'ck_verifications_attempts'), ['UPDATE verifications SET attempts = 6']],
    violation: { attempts: 6 },
  }),
  'codes-count-their-messages': () => ({
    breach: [['UPDATE verifications SET sends = 1, last_sent_at = now()']],
    violation: { sends: 1, messages: 0, holding: 0 },
  }),
  'staff-sessions-have-two-proofs': () => ({
    breach: [['UPDATE factors SET confirmed_at = NULL WHERE account_id = $1', admin.accountId]],
    violation: { sessionId: admin.sessionId, accountId: admin.accountId, factorId: null },
  }),
  'staff-sessions-have-roles': () => ({
    breach: [['DELETE FROM account_roles WHERE account_id = $1', admin.accountId]],
    violation: { sessionId: admin.sessionId, accountId: admin.accountId },
  }),
  'there-is-an-admin': () => ({
    breach: [[`UPDATE accounts SET status = 'blocked' WHERE id = $1`, admin.accountId]],
    violation: { onceAdmins: 1 },
  }),
  'account-journal-has-no-gaps': () => ({
    breach: [['DELETE FROM events WHERE aggregate_id = $1 AND version = 1', session.accountId]],
    violation: { accountId: session.accountId, version: 2, events: 1, oldest: 2, newest: 2 },
  }),
  'orders-move-along-their-table': () => ({
    breach: [BLIND, [`UPDATE orders SET status = 'expired' WHERE id = $1`, orders.cancelled.id]],
    violation: { orderId: orders.cancelled.id, from: 'cancelled', to: 'expired' },
  }),
  'status-agrees-with-payment': () => ({
    breach: [
      BLIND,
      drop('orders', 'ck_orders_unpaid_status'),
      [`UPDATE orders SET status = 'expired' WHERE id = $1`, orders.paid.id],
    ],
    violation: { orderId: orders.paid.id, status: 'expired', paymentStatus: 'paid' },
  }),
  'paid-is-one-settled-attempt': () => ({
    breach: [BLIND, [`UPDATE payment_attempts SET status = 'surplus' WHERE id = $1`, orders.paid.attemptId]],
    violation: { orderId: orders.paid.id, settledAttemptId: orders.paid.attemptId, attemptId: null },
  }),
  'attempts-ask-for-the-total': () => ({
    breach: [['UPDATE payment_attempts SET amount = amount / 10 WHERE id = $1', orders.open.attemptId]],
    violation: { attemptId: orders.open.attemptId, orderId: orders.open.id, amount: 50_000, total: 500_000 },
  }),
  'attempts-move-along-their-table': () => ({
    breach: [['UPDATE payment_attempts SET authority = NULL WHERE id = $1', orders.verifying.attemptId]],
    violation: { attemptId: orders.verifying.attemptId, status: 'verifying', authority: null },
  }),
  'attempts-follow-their-order': () => ({
    breach: [
      BLIND,
      [`UPDATE payment_attempts SET status = 'verifying' WHERE id = $1`, orders.cancelled.attemptId],
    ],
    violation: {
      attemptId: orders.cancelled.attemptId,
      attemptStatus: 'verifying',
      orderStatus: 'cancelled',
    },
  }),
  'one-capture-at-a-time': () => ({
    breach: [
      ['DROP INDEX uq_payment_attempts_one_capture'],
      [
        `INSERT INTO payment_attempts (id, order_id, gateway, status, authority, capture_round, amount, currency, payable_until)
         SELECT $1, order_id, gateway, 'verifying', 'another', 1, amount, currency, payable_until
         FROM payment_attempts WHERE id = $2`,
        newId(),
        orders.verifying.attemptId,
      ],
    ],
    violation: { orderId: orders.verifying.id, attempts: 2 },
  }),
  'captures-cover-refunds': () => ({
    breach: [
      drop('payment_attempts', 'ck_payment_attempts_captured'),
      ['UPDATE payment_attempts SET refund_pending = 1 WHERE id = $1', orders.refunded.attemptId],
    ],
    violation: {
      attemptId: orders.refunded.attemptId,
      captured: 500_000,
      refunded: 500_000,
      refundPending: 1,
    },
  }),
  'receipts-are-used-once': () => ({
    breach: [
      drop('payment_attempts', 'uq_payment_attempts_ref'),
      [
        `UPDATE payment_attempts SET ref_id = 'same' WHERE id IN ($1, $2)`,
        orders.paid.attemptId,
        orders.surplus.attemptId,
      ],
    ],
    violation: { gateway: 'zarinpal', refId: 'same', attempts: 2 },
  }),
  'postings-match-money': () => ({
    breach: [BLIND, ['DELETE FROM ledger_entries WHERE order_id = $1', orders.paid.id]],
    violation: {
      postingKey: `capture:${orders.paid.attemptId}`,
      orderId: orders.paid.id,
      due: 500_000,
      posted: 0,
    },
  }),
  'surplus-is-owed-until-refunded': () => ({
    breach: [
      BLIND,
      [`UPDATE ledger_entries SET credit_account = 'sales' WHERE order_id = $1`, orders.surplus.id],
    ],
    violation: { orderId: orders.surplus.id, owed: 500_000, owedInLedger: 0 },
  }),
  'ledger-entries-balance': () => ({
    breach: [
      BLIND,
      [`UPDATE ledger_entries SET debit_account = 'somewhere' WHERE order_id = $1`, orders.paid.id],
    ],
    violation: { postingKey: `capture:${orders.paid.attemptId}`, debitAccount: 'somewhere' },
  }),
  'order-journal-has-no-gaps': () => ({
    breach: [['DELETE FROM events WHERE aggregate_id = $1 AND version = 2', orders.paid.id]],
    violation: { orderId: orders.paid.id, version: 3, events: 2, oldest: 1, newest: 3 },
  }),
  'product-journal-has-no-gaps': () => ({
    breach: [['UPDATE product_versions SET version = 2 WHERE id = $1', productOf(orders.paid)]],
    violation: { productId: productOf(orders.paid), version: 2, events: 0 },
  }),
  'category-journal-has-no-gaps': () => ({
    breach: [['UPDATE categories SET version = 2']],
    violation: { version: 2, events: 0 },
  }),
  'transfers-account-for-their-goods': () => ({
    breach: [[`UPDATE stock_transfers SET status = 'received', ended_at = now() WHERE id = $1`, transfer.id]],
    violation: { transferId: transfer.id, status: 'received', sent: 5, answered: 2 },
  }),
  'transfer-lines-are-sums-of-receipts': () => ({
    breach: [['UPDATE stock_transfer_lines SET lost = 1 WHERE transfer_id = $1', transfer.id]],
    violation: { transferId: transfer.id, variantId: transfer.variantId, lost: 1, receiptsLost: 0 },
  }),
  'transfers-move-what-they-say': () => ({
    breach: [['UPDATE stock_transfer_lines SET sent = 6 WHERE transfer_id = $1', transfer.id]],
    violation: {
      ref: transfer.id,
      variantId: transfer.variantId,
      reason: 'transfer_out',
      wanted: -6,
      moved: -5,
    },
  }),
  'counts-book-their-differences': () => ({
    breach: [['UPDATE stock_count_lines SET counted = 3 WHERE count_id = $1', count.id]],
    violation: { countId: count.id, variantId: count.variantId, difference: -7, booked: -1 },
  }),
  'transfer-journal-has-no-gaps': () => ({
    breach: [['UPDATE stock_transfers SET version = 9 WHERE id = $1', transfer.id]],
    violation: { transferId: transfer.id, version: 9, events: 3 },
  }),
  'stock_count-journal-has-no-gaps': () => ({
    breach: [['UPDATE stock_counts SET version = 9 WHERE id = $1', count.id]],
    violation: { stock_countId: count.id, version: 9, events: 3 },
  }),
  'shipped-units-are-told': () => ({
    breach: [['UPDATE reservations SET shipped = 1 WHERE order_id = $1', orders.paid.id]],
    violation: { orderId: orders.paid.id, shipped: 1, told: 0 },
  }),
  'messages-are-numbered': () => ({
    breach: [['UPDATE messages SET seq = 5 WHERE room_id = $1 AND seq = 2', group.roomId]],
    violation: { roomId: group.roomId, lastSeq: 2, messages: 2, oldest: 1, newest: 5 },
  }),
  'rooms-have-their-members': () => ({
    breach: [["UPDATE room_members SET role = 'member' WHERE room_id = $1", group.roomId]],
    violation: { roomId: group.roomId, kind: 'group', members: 3, owners: 0 },
  }),
  'nobody-has-read-the-future': () => ({
    breach: [
      [
        'UPDATE room_members SET last_read_seq = 3 WHERE room_id = $1 AND account_id = $2',
        ...[group.roomId, group.member.accountId],
      ],
    ],
    violation: { roomId: group.roomId, accountId: group.member.accountId, lastReadSeq: 3, lastSeq: 2 },
  }),
  'erased-people-say-nothing': () => ({
    breach: [
      [
        `UPDATE room_members SET left_at = now(), left_reason = 'erased' WHERE account_id = $1`,
        group.member.accountId,
      ],
      [`UPDATE accounts SET status = 'erased', phone = NULL WHERE id = $1`, group.member.accountId],
    ],
    violation: { accountId: group.member.accountId, roomId: group.roomId, seq: 1 },
  }),
  'deleted-messages-have-no-files': () => ({
    breach: [
      [
        `INSERT INTO attachments (id, room_id, account_id, status, name, type, bytes, object_key, upload_expires_at, message_seq, place)
         VALUES ($1, $2, $3, 'ready', 'a', 'image/png', 1, 'a', now(), 1, 1)`,
        ...[NOBODY, group.roomId, group.owner.accountId],
      ],
    ],
    violation: { attachmentId: NOBODY, roomId: group.roomId, seq: 1 },
  }),
  'room-journal-has-no-gaps': () => ({
    breach: [['UPDATE rooms SET version = 99 WHERE id = $1', group.roomId]],
    violation: { roomId: group.roomId, version: 99, oldest: 1 },
  }),
  'ticket-messages-are-numbered': () => ({
    breach: [['UPDATE ticket_messages SET seq = 2 WHERE ticket_id = $1', ticketId]],
    violation: { ticketId, lastSeq: 1, lastNoteSeq: 0, answers: 1, notes: 0 },
  }),
  'clocks-follow-their-tickets': () => ({
    breach: [["UPDATE tickets SET status = 'pending_customer' WHERE id = $1", ticketId]],
    violation: { ticketId, status: 'pending_customer', kind: 'resolution', round: 1 },
  }),
  'ratings-have-their-resolutions': () => ({
    breach: [['INSERT INTO ticket_ratings VALUES ($1, 1, 5, now())', ticketId]],
    violation: { ticketId, resolution: 1, resolutions: 0 },
  }),
  'erased-people-have-no-tickets': () => ({
    breach: [[`UPDATE accounts SET status = 'erased', phone = NULL WHERE id = $1`, group.member.accountId]],
    violation: { ticketId, status: 'open' },
  }),
  'ticket-journal-has-no-gaps': () => ({
    breach: [['UPDATE tickets SET version = 9 WHERE id = $1', ticketId]],
    violation: { ticketId, version: 9, events: 2 },
  }),
  'ticket_staff-journal-has-no-gaps': () => ({
    breach: [['UPDATE ticket_desks SET version = 9 WHERE id = $1', ticketId]],
    violation: { ticket_staffId: ticketId, version: 9, events: 1 },
  }),
  'notifications-have-their-deliveries': () => ({
    breach: [['UPDATE notifications SET is_shown = false WHERE id = $1', told.id]],
    violation: { notificationId: told.id, isShown: 'false', status: 'sent' },
  }),
  'notifications-came-with-a-version': () => ({
    breach: [['UPDATE notifications SET version = 9 WHERE id = $1', told.id]],
    violation: { notificationId: told.id, version: 9, boxVersion: 1 },
  }),
  'erased-people-have-no-notifications': () => ({
    breach: [[`UPDATE accounts SET status = 'erased', phone = NULL WHERE id = $1`, told.boxId]],
    violation: { accountId: told.boxId },
  }),
  'notification_box-journal-has-no-gaps': () => ({
    breach: [['UPDATE notification_boxes SET version = 9 WHERE id = $1', told.boxId]],
    violation: { notification_boxId: told.boxId, version: 9, events: 1 },
  }),
  'answer_cache-journal-has-no-gaps': () => ({
    breach: [['UPDATE answer_caches SET version = 2']],
    violation: { version: 2, events: 0 },
  }),
  'availability-tells-the-truth': () => ({
    breach: [['UPDATE variant_availability SET shown = 3 WHERE id = $1', variantOf(orders.paid)]],
    violation: { variantId: variantOf(orders.paid), told: 3, free: 8 },
  }),
  'availability-journal-has-no-gaps': () => ({
    breach: [['UPDATE variant_availability SET version = 9 WHERE id = $1', variantOf(orders.paid)]],
    violation: { availabilityId: variantOf(orders.paid), version: 9, oldest: 1 },
  }),
  'stock_level-journal-has-no-gaps': () => ({
    breach: [['UPDATE stock_levels SET version = 2 WHERE variant_id = $1', variantOf(orders.paid)]],
    violation: { version: 2, events: 0 },
  }),
  'stock_location-journal-has-no-gaps': () => ({
    breach: [['UPDATE stock_locations SET version = 2']],
    violation: { version: 2, events: 0 },
  }),
  'searches-read-the-truth': () => ({
    breach: [["UPDATE product_search SET words = '' WHERE product_id = $1", productOf(orders.paid)]],
    violation: { productId: productOf(orders.paid), status: 'published', searchedAs: 'published' },
  }),
  'supplier-journal-has-no-gaps': () => ({
    breach: [['UPDATE suppliers SET version = 2']],
    violation: { supplierId: purchase.supplierId, version: 2, events: 0 },
  }),
  'campaign-journal-has-no-gaps': () => ({
    breach: [['UPDATE campaigns SET version = 99']],
    violation: { campaignId: campaign.id, version: 99, oldest: 1 },
  }),
  'campaigns-move-along-their-table': () => ({
    breach: [BLIND, [`UPDATE campaigns SET status = 'scheduled'`]],
    violation: { campaignId: campaign.id, from: 'running', to: 'scheduled' },
  }),
  'campaign-counts-are-rows': () => ({
    breach: [['UPDATE campaigns SET pending = 1, recipients = 3']],
    violation: { campaignId: campaign.id, recipients: 3, rows: 2 },
  }),
  'campaign-recipients-follow-their-calls': () => ({
    breach: [[`UPDATE campaign_batches SET status = 'accepted', answered_at = now()`]],
    violation: { campaignId: campaign.id, status: 'handed', call: 'accepted' },
  }),
  'campaigns-reach-a-number-once': () => ({
    breach: [
      ['DROP INDEX uq_campaign_recipients_recipient'],
      [`UPDATE campaign_recipients SET recipient = '+989120000000'`],
    ],
    violation: { campaignId: campaign.id, times: 2 },
  }),
  'campaign-authors-approve-nothing': () => ({
    breach: [['UPDATE campaigns SET approval_above = 1']],
    violation: { campaignId: campaign.id, recipients: 2, accountId: campaign.authorId },
  }),
  'purchase_order-journal-has-no-gaps': () => ({
    breach: [['UPDATE purchase_orders SET version = 9']],
    violation: { purchase_orderId: purchase.orderId, version: 9, oldest: 1 },
  }),
  'purchase-orders-move-along-their-table': () => ({
    breach: [BLIND, [`UPDATE purchase_orders SET status = 'collecting'`]],
    violation: { purchaseOrderId: purchase.orderId, from: 'ordered', to: 'collecting' },
  }),
  'purchase-lines-are-sums': () => ({
    breach: [['UPDATE purchase_order_lines SET ordered = 11']],
    violation: { purchaseOrderId: purchase.orderId, ordered: 11, requested: 10 },
  }),
  'purchase-orders-have-lines': () => ({
    breach: [['UPDATE purchase_order_lines SET received = 10']],
    violation: { purchaseOrderId: purchase.orderId, status: 'ordered', missing: 0, received: 10 },
  }),
  'receipts-are-booked': () => ({
    breach: [
      BLIND,
      [
        `INSERT INTO purchase_order_receipt_lines (receipt_id, variant_id, order_id, received) VALUES ($1, $2, $3, 4)`,
        NOBODY,
        purchase.variantId,
        purchase.orderId,
      ],
    ],
    violation: { receiptId: NOBODY, variantId: purchase.variantId, received: 4, booked: null },
  }),
  'suppliers-are-told-of-orders': () => ({
    breach: [['DELETE FROM supplier_messages']],
    violation: { purchaseOrderId: purchase.orderId, status: 'ordered', messages: null },
  }),
  'authors-approve-nothing': () => ({
    breach: [['UPDATE purchase_orders SET created_by = $1, approved_by = $1', session.accountId]],
    violation: { purchaseOrderId: purchase.orderId, accountId: session.accountId },
  }),
  'supplier-replies-are-erased': () => ({
    breach: [
      drop('supplier_replies', 'ck_supplier_replies_erased'),
      [
        `INSERT INTO supplier_replies (id, supplier_id, order_id, webhook_id, signed_at, signature, digest, body, processed_at, verdict)
         VALUES ($1, $2, $3, 'x', 1, 'x', 'x', 'x', now(), 'forged')`,
        NOBODY,
        purchase.supplierId,
        purchase.orderId,
      ],
    ],
    violation: { replyId: NOBODY, verdict: 'forged' },
  }),
  'replenishment-journal-has-no-gaps': () => ({
    breach: [['UPDATE replenishment_policies SET version = 2 WHERE id = $1', policyId]],
    violation: { replenishmentId: policyId, version: 2, events: 0 },
  }),
  'listings-tell-the-truth': () => ({
    breach: [
      [
        `UPDATE product_listings SET in_stock = NOT in_stock
         WHERE product_id = (SELECT product_id FROM variants WHERE id = $1)`,
        variantOf(orders.paid),
      ],
    ],
    violation: { inStock: 'false', canBeHad: 'true' },
  }),
  'guards-are-in-force': () => ({
    breach: [['ALTER TABLE orders DISABLE TRIGGER orders_move_along_their_table']],
    violation: { kind: 'trigger', name: 'orders_move_along_their_table', table: 'orders' },
  }),
};

test('a shop with an order at every stage violates no invariant', async () => {
  expect(await shop.brokenInvariants()).toEqual([]);
});

test('every invariant has a name of its own and a breach in this file', () => {
  expect(Object.keys(BREACHES).toSorted()).toEqual(INVARIANTS.map(({ invariant }) => invariant).toSorted());
});

test('every trigger of the schema is guarded', async () => {
  const triggers = await rows<{ name: string }>(
    shop.database.manager,
    `SELECT t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace`,
  );
  expect(triggers.map(({ name }) => name).toSorted()).toEqual(TRIGGERS.toSorted());
});

describe('a breach is found and its violation named', () => {
  test.each(INVARIANTS)('$invariant', async ({ invariant, sentence }) => {
    const { breach, violation } = BREACHES[invariant]!();

    const violations = await afterBreaking(...breach);

    const found = violations.find((violation) => violation.invariant === invariant);
    expect(found).toMatchObject({
      invariant,
      sentence,
      rows: expect.arrayContaining([expect.objectContaining(violation)]),
    });
    expect(found!.count).toBe(found!.rows.length);
  });
});

describe('the second half of an invariant', () => {
  const further: {
    what: string;
    invariant: string;
    breach: () => Breach;
    violation: () => object;
  }[] = [
    {
      what: 'an order without lines',
      invariant: 'totals-are-sums-of-lines',
      breach: () => [BLIND, ['DELETE FROM order_lines WHERE order_id = $1', orders.expired.id]],
      violation: () => ({ orderId: orders.expired.id, sumOfLines: null }),
    },
    {
      what: 'an awaiting order that let go of its stock',
      invariant: 'awaiting-orders-hold-their-lines',
      breach: () => [
        BLIND,
        [`UPDATE reservations SET state = 'released' WHERE order_id = $1`, orders.open.id],
      ],
      violation: () => ({ orderId: orders.open.id, wanted: 2, held: 0 }),
    },
    {
      what: 'an order marked paid alone',
      invariant: 'paid-is-one-settled-attempt',
      breach: () => [
        BLIND,
        [
          `UPDATE orders SET status = 'placed', payment_status = 'paid', settled_attempt_id = $2 WHERE id = $1`,
          orders.open.id,
          orders.open.attemptId,
        ],
      ],
      violation: () => ({ orderId: orders.open.id, attemptId: null }),
    },
    {
      what: 'an attempt settled alone',
      invariant: 'paid-is-one-settled-attempt',
      breach: () => [
        BLIND,
        [
          `UPDATE payment_attempts SET status = 'settled', captured = amount WHERE id = $1`,
          orders.open.attemptId,
        ],
      ],
      violation: () => ({ orderId: orders.open.id, paymentStatus: null, attemptId: orders.open.attemptId }),
    },
    {
      what: 'something sold that no order bought',
      invariant: 'sales-are-booked-once',
      breach: () => [
        [
          `INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref)
           SELECT variant_id, location_id, 2, -1, 9, 'sale', 'nobody' FROM stock_levels WHERE variant_id = $1`,
          variantOf(orders.open),
        ],
      ],
      violation: () => ({ orderId: 'nobody', committed: 0, sold: 1 }),
    },
    {
      what: 'a refund that was posted twice',
      invariant: 'postings-match-money',
      breach: () => [
        [
          `INSERT INTO ledger_entries (posting_key, line, order_id, debit_account, credit_account, amount, currency)
           SELECT posting_key, 2, order_id, debit_account, credit_account, amount, currency
           FROM ledger_entries WHERE posting_key = $1`,
          `refund:${orders.refunded.attemptId}`,
        ],
      ],
      violation: () => ({
        postingKey: `refund:${orders.refunded.attemptId}`,
        due: 500_000,
        posted: 1_000_000,
      }),
    },
    {
      what: 'events of an order that does not exist',
      invariant: 'order-journal-has-no-gaps',
      breach: () => [
        [
          `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload) VALUES ('order', $1, 1, 'order.paid', '{}')`,
          '11111111-1111-8111-8111-111111111111',
        ],
      ],
      violation: () => ({ orderId: '11111111-1111-8111-8111-111111111111', version: null, newest: 1 }),
    },
    {
      what: 'an order that the journal lets come back from its cancellation',
      invariant: 'orders-move-along-their-table',
      breach: () => [
        [
          `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload) VALUES ('order', $1, 9, 'order.reopened', '{}')`,
          orders.cancelled.id,
        ],
      ],
      violation: () => ({
        orderId: orders.cancelled.id,
        version: 9,
        from: 'cancelled',
        to: 'awaiting_payment',
      }),
    },
    {
      what: 'a constraint that was put back without looking',
      invariant: 'guards-are-in-force',
      breach: () => [['ALTER TABLE orders ADD CONSTRAINT ck_orders_unlooked CHECK (total >= 0) NOT VALID']],
      violation: () => ({ kind: 'constraint', name: 'ck_orders_unlooked', table: 'orders' }),
    },
    {
      what: 'a foreign key whose triggers are off',
      invariant: 'guards-are-in-force',
      breach: () => [['ALTER TABLE reservations DISABLE TRIGGER ALL']],
      violation: () => ({ name: 'fk_reservations_held_order', table: 'reservations' }),
    },
  ];

  test.each(further)('finds $what', async ({ invariant, breach, violation }) => {
    const violations = await afterBreaking(...breach());

    const found = violations.find((violation) => violation.invariant === invariant);
    expect(found?.rows).toContainEqual(expect.objectContaining(violation()));
  });
});

test('many violations are all counted, and the first are listed', async () => {
  const violations = await afterBreaking([
    `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
     SELECT 'order', gen_random_uuid(), 1, 'order.created', '{}' FROM generate_series(1, 500)`,
  ]);

  const found = violations.find(({ invariant }) => invariant === 'order-journal-has-no-gaps');
  expect(found).toMatchObject({ count: 500 });
  expect(found!.rows).toHaveLength(ROWS_SHOWN);
});

test('all invariants are checked at one instant, whatever changes during the check', async () => {
  const { result, statements } = await countStatements(shop.database, () =>
    withSnapshot(shop.database, { statementTimeoutMs: 10_000 }, async (snapshot: Transaction) => {
      const before = await rows<{ orders: number }>(snapshot, 'SELECT count(*) AS orders FROM orders');
      await buildOrder(shop.database, { stage: 'paid' });
      const violations = await checkInvariants(snapshot);
      const after = await rows<{ orders: number }>(snapshot, 'SELECT count(*) AS orders FROM orders');
      return { before, after, violations };
    }),
  );

  expect(result.after).toEqual(result.before);
  expect(result.violations).toEqual([]);
  expect(statements).toContain('START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
});
