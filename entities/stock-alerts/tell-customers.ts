import { nextTellingTime } from '../calendar/telling-hours';
import { freeUnits } from '../inventory/free-units';
import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { storeNotices } from './store-notices';

/** The people who were told first have so long before the next ones hear of the same units. */
export const HEAD_START_MS = 3_600_000;

/** People who hear of a free unit: some of them do not want it any more. */
const PEOPLE_PER_UNIT = 2;

/** The newest crossing, when it is one of a variant that came back and can be bought. */
const READ_RETURN = statement<{ alertId: string; free: number; told: number }>(
  `SELECT newest.id AS "alertId", ${freeUnits('v.id')} AS free, (
     SELECT count(*)::integer FROM stock_notices n
     WHERE n.alert_id = newest.id AND n.audience = 'customer' AND n.created_at > $2) AS told
   FROM variants v JOIN products p ON p.id = v.product_id AND p.status = 'published' CROSS JOIN LATERAL (
     SELECT a.id, a.kind FROM stock_alerts a WHERE a.aggregate_id = v.id ORDER BY a.version DESC LIMIT 1) AS newest
   WHERE v.id = $1 AND v.status = 'active' AND newest.kind = 'back'`,
  { alertId: uuid, free: integer, told: integer },
);

const READ_WAITING = statement<{ id: string; accountId: string }>(
  `SELECT id, account_id AS "accountId" FROM stock_subscriptions
   WHERE audience = 'customer' AND variant_id = $1 ORDER BY created_at, id LIMIT $2`,
  { id: uuid, accountId: uuid },
);

const END = statement('DELETE FROM stock_subscriptions WHERE id = ANY($1::uuid[])');

/** The variant that may be back, and the people that one transaction tells at most. */
export interface TellCustomers {
  readonly variantId: string;
  readonly title: string;
  readonly now: Date;
  readonly atMost: number;
}

/**
 * Tells people who wait for a variant that it is back, the longest waiting first and at most twice as many as there are free
 * units. Whoever is told waits no longer. Returns after how many milliseconds to look again;
 * null when nobody waits or nothing is free.
 */
export async function tellCustomers(
  transaction: Transaction,
  { variantId, title, now, atMost }: TellCustomers,
): Promise<number | null> {
  const since = new Date(now.getTime() - HEAD_START_MS);
  const back = await row(transaction, READ_RETURN, [variantId, since]);
  if (!back || back.free === 0) return null;
  const room = Math.max(PEOPLE_PER_UNIT * back.free - back.told, 0);
  const waiting = await rows(transaction, READ_WAITING, [variantId, Math.min(room, atMost) + 1]);
  if (waiting.length === 0) return null;
  const tellingTime = nextTellingTime(now);
  if (tellingTime > now) return tellingTime.getTime() - now.getTime();

  const told = waiting.slice(0, Math.min(room, atMost));
  if (told.length > 0) {
    await storeNotices(transaction, {
      ...{ alertId: back.alertId, variantId, kind: 'back', audience: 'customer', name: title, now },
      accountIds: told.map(({ accountId }) => accountId),
    });
    await rows(transaction, END, [told.map(({ id }) => id)]);
  }
  if (waiting.length === told.length) return null;
  return room > atMost ? 0 : HEAD_START_MS;
}
