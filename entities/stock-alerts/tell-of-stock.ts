import { integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { HEAD_START_MS, tellCustomers } from './tell-customers';
import { tellStaff } from './tell-staff';

/** Messages of one transaction. A delivery of each is started after it. */
const AT_ONCE = 50;

/** What to do after people were chosen. */
export interface StockTelling {
  /** Messages whose delivery may not have begun. */
  readonly messageIds: readonly string[];
  /** How long until the next look, in milliseconds, unless stock changes before. Null: there is none. */
  readonly lookAgainInMs: number | null;
}

const LOCK = statement<{ locked: number }>(
  `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('stock-alert:' || $1::uuid, 0)))
   SELECT count(*) AS locked FROM locked`,
  { locked: integer },
);

const READ_VARIANT = statement<{ sku: string; title: string }>(
  'SELECT v.sku, p.title FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = $1',
  { sku: text, title: text },
);

/** Also those of an earlier attempt of this step whose answer was lost. */
const READ_UNSENT = statement<{ messageId: string }>(
  `SELECT m.id AS "messageId"
   FROM stock_alerts a JOIN stock_notices n ON n.alert_id = a.id JOIN sms_messages m ON m.id = n.message_id
   WHERE a.variant_id = $1 AND n.created_at > $2 AND m.status = 'queued'
   ORDER BY n.created_at, m.id LIMIT ${2 * AT_ONCE}`,
  { messageId: uuid },
);

/**
 * Decides whom to tell of a variant's alerts, and stores their messages. Under the lock one decision sees what the one before
 * stored, so that neither a repetition nor a reset tells anybody twice.
 */
export async function tellOfStock(
  transaction: Transaction,
  { variantId, now }: { readonly variantId: string; readonly now: Date },
): Promise<StockTelling> {
  await rows(transaction, LOCK, [variantId]);
  const variant = await row(transaction, READ_VARIANT, [variantId]);
  if (!variant) return { messageIds: [], lookAgainInMs: null };
  const moreStaffWait = await tellStaff(transaction, { variantId, sku: variant.sku, now, atMost: AT_ONCE });
  const waitMs = await tellCustomers(transaction, {
    ...{ variantId, title: variant.title, now, atMost: AT_ONCE },
  });
  const unsent = await rows(transaction, READ_UNSENT, [variantId, new Date(now.getTime() - HEAD_START_MS)]);
  return {
    messageIds: unsent.map(({ messageId }) => messageId),
    lookAgainInMs: moreStaffWait ? 0 : waitMs,
  };
}
