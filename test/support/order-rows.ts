import type { AttemptStatus } from '../../entities/payments/attempt-status';
import type { ShelfItem } from './buyer';
import type { Shop } from './shop';
import { row, rows } from './sql';

type Rows = Pick<Shop, 'database'>;

/** What no buyer may see of an attempt. */
export interface AttemptRow {
  readonly id: string;
  readonly status: AttemptStatus;
  readonly authority: string | null;
  readonly captureRound: number;
  readonly captured: number;
  readonly refundPending: number;
  readonly refunded: number;
  readonly failureCode: string | null;
  readonly refId: string | null;
}

/** The attempts of an order, oldest first. */
export function attemptsOf({ database }: Rows, orderId: string): Promise<AttemptRow[]> {
  return rows<AttemptRow>(
    database.manager,
    `SELECT id, status, authority, capture_round AS "captureRound", captured, refund_pending AS "refundPending", refunded,
       failure_code AS "failureCode", ref_id AS "refId"
     FROM payment_attempts WHERE order_id = $1 ORDER BY created_at, id`,
    [orderId],
  );
}

/** The status of each attempt of an order, oldest first. */
export async function attemptStatusesOf(shop: Rows, orderId: string): Promise<AttemptStatus[]> {
  return (await attemptsOf(shop, orderId)).map(({ status }) => status);
}

/** What the ledger says about an order, as `debit > credit amount`, in the order of posting. */
export async function ledgerOf({ database }: Rows, orderId: string): Promise<string[]> {
  const entries = await rows<{ entry: string }>(
    database.manager,
    `SELECT debit_account || ' > ' || credit_account || ' ' || amount AS entry
     FROM ledger_entries WHERE order_id = $1 ORDER BY id`,
    [orderId],
  );
  return entries.map(({ entry }) => entry);
}

/** The callbacks of an order's buyers that were stored, and how many of them nobody has handled. */
export async function callbacksOf(
  { database }: Rows,
  orderId: string,
): Promise<{ stored: number; unseen: number }> {
  const counted = await row<{ stored: number; unseen: number }>(
    database.manager,
    `SELECT count(*) AS stored, count(*) FILTER (WHERE c.processed_at IS NULL) AS unseen
     FROM payment_callbacks c JOIN payment_attempts p ON p.id = c.attempt_id WHERE p.order_id = $1`,
    [orderId],
  );
  return counted!;
}

export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
}

export async function stockOf({ database }: Rows, { variantId }: ShelfItem): Promise<Stock> {
  const stock = await row<Stock>(
    database.manager,
    'SELECT on_hand AS "onHand", reserved FROM stock_levels WHERE variant_id = $1',
    [variantId],
  );
  return stock!;
}

export async function orderCountOf({ database }: Rows, cartId: string): Promise<number> {
  const counted = await row<{ orders: number }>(
    database.manager,
    'SELECT count(*) AS orders FROM orders WHERE cart_id = $1',
    [cartId],
  );
  return counted!.orders;
}

export async function setPrice({ database }: Rows, { variantId }: ShelfItem, rial: number): Promise<void> {
  await rows(database.manager, 'UPDATE variants SET price = $2 WHERE id = $1', [variantId, rial]);
}
