import { randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';

import type { AmountLimits } from '../../../entities/checkout/amount-limits';
import { beginCapture } from '../../../entities/checkout/begin-capture';
import { closeOrder } from '../../../entities/checkout/close-order';
import { confirmOrder } from '../../../entities/checkout/confirm-order';
import { placeOrder, type PlaceOrder } from '../../../entities/checkout/place-order';
import { recordAuthority } from '../../../entities/checkout/record-authority';
import { recordSurplus } from '../../../entities/checkout/record-surplus';
import { beginRefund, recordRefunded } from '../../../entities/checkout/refund-surplus';
import { orderIdOf } from '../../../entities/orders/order-id';
import { requireOrderState, type AttemptState, type OrderState } from '../../../entities/orders/order-state';
import { attemptIdOf } from '../../../entities/payments/attempt-id';
import type { Transaction } from '../../../entities/sql';
import { withTransaction } from '../../../platform/transaction';
import { buildFilledCart, type FilledCart } from './filled-cart';
import { buildStockedVariant, type StockedVariant } from './stocked-variant';

/** The limits of the gateway of these tests. */
export const GATEWAY_LIMITS: AmountLimits = { minimum: 10_000, maximum: 1_000_000_000, currency: 'IRR' };

/** How far an order and its first attempt have come. */
export type OrderStage =
  | 'requesting'
  | 'open'
  | 'verifying'
  | 'paid'
  | 'expired'
  | 'cancelled'
  | 'surplus'
  | 'refunded';

export interface BuiltLine {
  readonly variant: StockedVariant;
  readonly quantity: number;
}

/** An order, made by the shop's own operations, and what it was made of. */
export interface BuiltOrder {
  readonly id: string;
  readonly cart: FilledCart;
  readonly lines: readonly BuiltLine[];
  readonly placing: PlaceOrder;
  /** The key of the step that placed it, which closing needs. */
  readonly placeKey: string;
  readonly state: OrderState;
  readonly attemptId: string;
  /** The present first attempt. */
  readonly attempt: AttemptState;
}

export interface OrderOverrides {
  readonly stage?: OrderStage;
  /** By default two units of a new variant. */
  readonly lines?: readonly BuiltLine[];
  /** By default a new one with the lines. */
  readonly cart?: FilledCart;
  readonly placing?: Partial<PlaceOrder>;
}

/** A gateway's name for a payment, unique. */
export const buildAuthority = (): string => `S${randomUUID().replaceAll('-', '')}`;

/** A gateway's name for a capture, unique. */
export const buildRefId = (): string => randomUUID();

/** A buyer's request to order this cart for the price of its lines. */
export function buildPlacing(
  cart: Pick<FilledCart, 'id' | 'version'>,
  lines: readonly BuiltLine[],
  overrides: Partial<PlaceOrder> = {},
): PlaceOrder {
  return {
    orderId: orderIdOf(cart.id, randomUUID()),
    cartId: cart.id,
    cartVersion: cart.version,
    requestDigest: 'd'.repeat(64),
    askedBy: randomUUID(),
    clientKey: randomUUID(),
    expectedTotal: lines.reduce((total, { variant, quantity }) => total + variant.price * quantity, 0),
    gateway: 'zarinpal',
    payableMs: 1_800_000,
    holdGraceMs: 120_000,
    unitsPerOrder: 100,
    delivers: true,
    openOrdersPerClient: 10,
    heldUnitsPerClient: 100,
    ...overrides,
  };
}

/** A new cart with these lines, and the request to order it. */
export async function buildReadyCart(
  database: DataSource,
  lines: readonly BuiltLine[],
  overrides: Partial<PlaceOrder> = {},
): Promise<PlaceOrder> {
  const cart = await buildFilledCart(
    database,
    lines.map(({ variant, quantity }) => ({ variantId: variant.id, quantity })),
  );
  return buildPlacing(cart, lines, overrides);
}

/** An order at any stage, made by the operations of the shop. */
export async function buildOrder(database: DataSource, overrides: OrderOverrides = {}): Promise<BuiltOrder> {
  const lines = overrides.lines ?? [{ variant: await buildStockedVariant(database), quantity: 2 }];
  const cart =
    overrides.cart ??
    (await buildFilledCart(
      database,
      lines.map(({ variant, quantity }) => ({ variantId: variant.id, quantity })),
    ));
  const placing = buildPlacing(cart, lines, overrides.placing);
  const placeKey = `checkout:${placing.orderId}:place`;
  const attemptId = attemptIdOf(placing.orderId, 'first');

  let state = await withTransaction(database, (transaction) =>
    placeOrder(transaction, placing, GATEWAY_LIMITS),
  );
  for (const operation of wayTo(overrides.stage ?? 'open', { ...placing, placeKey, attemptId })) {
    state = await withTransaction(database, operation);
  }
  const attempt = state.attempts.find(({ id }) => id === attemptId);
  if (!attempt) throw new Error(`order ${placing.orderId} has no first attempt`);
  return { id: placing.orderId, cart, lines, placing, placeKey, state, attemptId, attempt };
}

type Operation = (transaction: Transaction) => Promise<OrderState>;

/** What happens to a placed order until it reaches the stage. */
function wayTo(
  stage: OrderStage,
  order: PlaceOrder & { readonly placeKey: string; readonly attemptId: string },
): Operation[] {
  const open: Operation = (transaction) =>
    recordAuthority(transaction, {
      ...order,
      authority: buildAuthority(),
      redirectUrl: 'https://gateway.test/pay',
    });
  const verify: Operation = async (transaction) => {
    const { begun } = await beginCapture(transaction, { ...order, moneyIsThere: false });
    if (!begun) throw new Error(`no capture of order ${order.orderId} could begin`);
    return requireOrderState(transaction, order.orderId);
  };
  const pay: Operation = (transaction) => confirmOrder(transaction, { ...order, refId: buildRefId() });
  const close =
    (as: 'expired' | 'cancelled'): Operation =>
    async (transaction) =>
      (await closeOrder(transaction, { ...order, as }))!;
  const captureUnwanted: Operation = (transaction) =>
    recordSurplus(transaction, { ...order, refId: buildRefId() });
  const refund: Operation = async (transaction) => {
    await beginRefund(transaction, order);
    return recordRefunded(transaction, order);
  };
  return {
    requesting: [],
    open: [open],
    verifying: [open, verify],
    paid: [open, verify, pay],
    expired: [open, close('expired')],
    cancelled: [open, close('cancelled')],
    surplus: [open, close('cancelled'), captureUnwanted],
    refunded: [open, close('cancelled'), captureUnwanted, refund],
  }[stage];
}
