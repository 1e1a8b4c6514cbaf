import { recordEventsOfMany } from '../events/record-events-of-many';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { foldNotifications } from './fold-notifications';
import { boxIdOf, countUnread, lockBoxes, readChoices, type BoxOwner } from './notification-boxes';
import { isChannelOn, type ChannelChoice } from './notification-categories';
import type { DeliveryStatus } from './notification-delivery';
import { kindOf, type NotificationKind } from './notification-kinds';
import { NOTIFICATION_BOX } from './notifications.events';

/** Something that somebody is to hear. */
export interface Wanted {
  readonly owner: BoxOwner;
  readonly kind: NotificationKind;
  /** The same one makes one notification. */
  readonly dedupeKey: string;
  readonly data: Readonly<Record<string, string>>;
  /** When it happened. */
  readonly at: Date;
}

/** A notification that is new. */
export interface Created {
  readonly id: string;
  readonly boxId: string;
  readonly kind: NotificationKind;
}

/** As many as one statement inserts. */
const PAGE = 1_000;
/** As many ids as an event names. */
const NAMED = 20;

/** Blocking and erasing wait for this, or this for them: who is gone gets nothing. */
const LOCK_PEOPLE = statement<{ id: string }>(
  "SELECT id FROM accounts WHERE id = ANY($1::uuid[]) AND status = 'active' ORDER BY id FOR SHARE",
  { id: uuid },
);

const INSERT = statement<{ id: string }>(
  `INSERT INTO notifications (id, box_id, kind, category, dedupe_key, data, version, is_shown, created_at)
   SELECT * FROM jsonb_to_recordset($1::jsonb) AS wanted(id uuid, box_id uuid, kind text, category text, dedupe_key text,
     data jsonb, version integer, is_shown boolean, created_at timestamptz)
   ON CONFLICT (box_id, dedupe_key) DO NOTHING RETURNING id`,
  { id: uuid },
);

const INSERT_DELIVERIES = statement(
  `INSERT INTO notification_deliveries (notification_id, channel, box_id, status, reason, ended_at)
   SELECT id, channel, box_id, status, reason, CASE WHEN status <> 'queued' THEN now() END
   FROM jsonb_to_recordset($1::jsonb) AS wanted(id uuid, channel text, box_id uuid, status text, reason text)`,
);

/**
 * Tells people of something: a notification for each that is new, and a delivery for each of its channels. One that is there
 * already, because somebody reads the journal again, changes nothing, nor does one for which an earlier one stands. What is to go out
 * by SMS waits for the workflow of the box.
 */
export async function notify(transaction: Transaction, wanted: readonly Wanted[]): Promise<Created[]> {
  const here = await stillHere(transaction, wanted);
  if (here.length === 0) return [];
  const owners = new Map(here.map(({ owner }) => [boxIdOf(owner), owner]));
  const versions = await lockBoxes(transaction, [...owners.values()]);
  const choices = await readChoices(transaction, [...owners.keys()]);
  const news = await foldNotifications(transaction, here);
  const planned = news.map((it) => {
    const boxId = boxIdOf(it.owner);
    return plan(it, choices.get(boxId) ?? [], versions.get(boxId)! + 1);
  });
  const created: Planned[] = [];
  for (let from = 0; from < planned.length; from += PAGE)
    created.push(...(await insert(transaction, planned.slice(from, from + PAGE))));
  await tellOf(transaction, created);
  return created.map(({ id, box_id: boxId, kind }) => ({ id, boxId, kind }));
}

async function stillHere(transaction: Transaction, wanted: readonly Wanted[]): Promise<Wanted[]> {
  const people = wanted.flatMap(({ owner }) => ('accountId' in owner ? [owner.accountId] : []));
  const active = new Set((await rows(transaction, LOCK_PEOPLE, [[...new Set(people)]])).map(({ id }) => id));
  return wanted.filter(({ owner }) => !('accountId' in owner) || active.has(owner.accountId));
}

type Planned = ReturnType<typeof plan>;

/** The rows of a notification, as Postgres reads them. */
function plan(
  { owner, kind, dedupeKey, data, at }: Wanted,
  choices: readonly ChannelChoice[],
  version: number,
) {
  const { category, sms } = kindOf(kind);
  const id = newId();
  const boxId = boxIdOf(owner);
  const isAccount = 'accountId' in owner;
  const isShown = isAccount && isChannelOn(choices, category, 'in_app');
  const delivery = (channel: 'in_app' | 'sms', isOn: boolean, then: DeliveryStatus) => ({
    ...{ id, channel, box_id: boxId },
    ...{ status: isOn ? then : 'suppressed', reason: isOn ? null : 'preference' },
  });
  return {
    ...{ id, box_id: boxId, kind, category, dedupe_key: dedupeKey, data, version, is_shown: isShown },
    created_at: at,
    deliveries: [
      ...(isAccount ? [delivery('in_app', isShown, 'sent')] : []),
      ...(sms ? [delivery('sms', !isAccount || isChannelOn(choices, category, 'sms'), 'queued')] : []),
    ],
  };
}

async function insert(transaction: Transaction, planned: readonly Planned[]): Promise<Planned[]> {
  const found = await rows(transaction, INSERT, [JSON.stringify(planned)]);
  const isNew = new Set(found.map(({ id }) => id));
  const created = planned.filter(({ id }) => isNew.has(id));
  await rows(transaction, INSERT_DELIVERIES, [
    JSON.stringify(created.flatMap(({ deliveries }) => deliveries)),
  ]);
  return created;
}

/** One event for each box, with what its badge says now. */
async function tellOf(transaction: Transaction, created: readonly Planned[]): Promise<void> {
  const boxes = new Map<string, Planned[]>();
  for (const it of created) boxes.set(it.box_id, [...(boxes.get(it.box_id) ?? []), it]);
  const counts = await countUnread(transaction, [...boxes.keys()]);
  const events = [...boxes].map(([id, added]) => ({
    id,
    event: {
      type: 'notifications.added' as const,
      payload: {
        ids: added
          .filter(({ is_shown: isShown }) => isShown)
          .slice(-NAMED)
          .map((it) => it.id),
        ...counts.get(id)!,
        waits: added.some(({ deliveries }) => deliveries.some(({ status }) => status === 'queued')),
      },
    },
  }));
  await recordEventsOfMany(transaction, NOTIFICATION_BOX, events);
}
