import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { GATHERED_MS } from './decide-delivery';
import { boxIdOf, type BoxOwner } from './notification-boxes';
import { kindOf, type NotificationKind } from './notification-kinds';

/** A message that no provider takes for days is given up, so it does not stand for what happens on the next day. */
const STANDS_AT_MOST_MS = 86_400_000;

/** What counts of something that somebody is to hear. */
interface News {
  readonly owner: BoxOwner;
  readonly kind: NotificationKind;
  readonly dedupeKey: string;
  readonly data: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** One that was made already. */
interface Earlier extends Pick<News, 'dedupeKey' | 'at'> {
  readonly boxId: string;
  readonly kind: string;
  readonly ticketId: string;
  readonly readAt: Date | null;
  readonly isShown: boolean;
  /** Whether its message by SMS waits; when that ended. */
  readonly isWaiting: boolean;
  readonly endedAt: Date | null;
}

const EARLIER = statement<Earlier>(
  `SELECT n.box_id AS "boxId", n.kind, n.data ->> 'ticketId' AS "ticketId", n.dedupe_key AS "dedupeKey", n.created_at AS at,
     n.read_at AS "readAt", n.is_shown AS "isShown", coalesce(d.status IN ('queued', 'deferred'), false) AS "isWaiting", d.ended_at AS "endedAt"
   FROM notifications n LEFT JOIN notification_deliveries d ON d.notification_id = n.id AND d.channel = 'sms'
   WHERE n.box_id = ANY($1::uuid[]) AND n.data ->> 'ticketId' = ANY($2::text[])
     AND (n.dedupe_key = ANY($4::text[]) OR n.created_at > $3::timestamptz - interval '1 day')`,
  {
    ...{ boxId: uuid, kind: text, ticketId: text, dedupeKey: text, at: instant },
    ...{ readAt: nullable(instant), isShown: boolean, isWaiting: boolean, endedAt: nullable(instant) },
  },
);

const ASKED = statement<{ place: number; askedAt: Date | null }>(
  `SELECT told.place, (
     SELECT max(e.created_at) FROM events e
     WHERE e.aggregate_type = 'ticket' AND e.aggregate_id = told.ticket AND e.type = 'ticket.answered'
       AND e.payload ->> 'by' = 'customer' AND e.created_at <= told.at) AS "askedAt"
   FROM jsonb_to_recordset($1::jsonb) AS told(place integer, ticket uuid, at timestamptz)`,
  { place: integer, askedAt: nullable(instant) },
);

/**
 * Leaves out what is no news: an earlier notification of the same kind and ticket stands for it, because its message by SMS has not gone
 * out, or, where there is none, because it came to the list a moment ago. It does so until it is read, and until the customer writes
 * again. All of that is as it was when the event happened, so the journal read again leaves out the same. The boxes are locked.
 */
export async function foldNotifications<Some extends News>(
  transaction: Transaction,
  wanted: readonly Some[],
): Promise<readonly Some[]> {
  const folding = wanted.filter(({ kind }) => kindOf(kind).standsForNext);
  if (folding.length === 0) return wanted;
  const first = new Date(Math.min(...folding.map(({ at }) => at.getTime())));
  const boxes = [...new Set(folding.map(({ owner }) => boxIdOf(owner)))];
  const tickets = [...new Set(folding.map(({ data }) => data['ticketId']!))];
  const keys = folding.map(({ dedupeKey }) => dedupeKey);
  const earlier = [...(await rows(transaction, EARLIER, [boxes, tickets, first, keys]))];
  const places = folding.map(({ data, at }, place) => ({ place, ticket: data['ticketId'], at }));
  const asked = await rows(transaction, ASKED, [JSON.stringify(places)]);
  const askedAt = new Map(asked.map(({ place, askedAt: when }) => [folding[place]!, when]));

  return wanted.filter((it) => {
    if (!askedAt.has(it)) return true;
    const { dedupeKey, kind, at, data } = it;
    const boxId = boxIdOf(it.owner);
    const ticketId = data['ticketId']!;
    const same = earlier.filter(
      (one) => one.boxId === boxId && one.kind === kind && one.ticketId === ticketId,
    );
    if (same.some((one) => one.dedupeKey === dedupeKey)) return true;
    if (same.some((one) => standsFor(one, at, askedAt.get(it)!))) return false;
    const isNew = { readAt: null, isShown: true, isWaiting: true, endedAt: null };
    earlier.push({ boxId, kind, ticketId, dedupeKey, at, ...isNew });
    return true;
  });
}

function standsFor(
  { at: toldAt, readAt, isShown, isWaiting, endedAt }: Earlier,
  at: Date,
  askedAt: Date | null,
): boolean {
  if (readAt !== null && readAt <= at) return false;
  if (askedAt !== null && askedAt > toldAt) return false;
  const ageMs = at.getTime() - toldAt.getTime();
  if (isWaiting || (endedAt !== null && endedAt > at)) return ageMs < STANDS_AT_MOST_MS;
  return isShown && ageMs < GATHERED_MS;
}
