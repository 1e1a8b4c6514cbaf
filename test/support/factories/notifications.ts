import type { JournalEvent } from '../../../entities/events/read-journal';
import { deliverNotifications } from '../../../entities/notifications/deliver-notifications';
import { noteEvents } from '../../../entities/notifications/note-events';
import { readBadge, type BoxOwner } from '../../../entities/notifications/notification-boxes';
import type { NotificationKind } from '../../../entities/notifications/notification-kinds';
import { notify, type Created } from '../../../entities/notifications/notify';
import { changePreferences } from '../../../entities/notifications/own-preferences';
import { changeSettings, DEFAULT_SETTINGS } from '../../../entities/notifications/own-settings';
import { readNotifications } from '../../../entities/notifications/read-notifications';
import { joinOrders } from '../../../entities/orders/join-orders';
import { newId } from '../../../entities/values/uuid';
import type { ShopDatabase } from '../shop-database';
import { rows } from '../sql';
import { buildAccount } from './accounts';
import { buildOrder, type BuiltOrder, type OrderStage } from './orders';

type Home = Pick<ShopDatabase, 'database' | 'run'>;

/** A notification of an order for somebody, a new person unless told. */
export async function buildNotification(
  home: Home,
  {
    accountId,
    kind = 'order_cancelled',
    at = new Date(),
    data = { orderId: newId() },
  }: { accountId?: string; kind?: NotificationKind; at?: Date; data?: Record<string, string> } = {},
): Promise<Created> {
  const owner: BoxOwner = { accountId: accountId ?? (await buildAccount(home.database)).id };
  const [created] = await home.run((transaction) =>
    notify(transaction, [{ owner, kind, data, at, dedupeKey: `${kind}:${newId()}` }]),
  );
  return created!;
}

/** An order at a stage, of a customer unless it is a guest's. */
export async function buildOwnedOrder(home: Home, stage: OrderStage, accountId: string): Promise<BuiltOrder> {
  const order = await buildOrder(home.database, { stage });
  await home.run((transaction) => joinOrders(transaction, { accountId, orderIds: [order.id] }));
  return order;
}

/** How somebody is told by SMS: status, reason and instant of each, the oldest first. */
export const messagesOf = (home: Home, boxId: string) =>
  rows<{ kind: string; status: string; reason: string | null; dueAt: Date | null; messageId: string | null }>(
    home.database.manager,
    `SELECT n.kind, d.status, d.reason, d.due_at AS "dueAt", d.message_id AS "messageId"
     FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
     WHERE d.box_id = $1 AND d.channel = 'sms' ORDER BY n.id`,
    [boxId],
  );

/** What was requested of SMS for a number. */
export const requestedFor = (home: Home, phone: string) =>
  rows<{ template: string; language: string; variables: Record<string, string> }>(
    home.database.manager,
    "SELECT template, language, variables FROM sms_messages WHERE recipient = $1 AND kind = 'notice' ORDER BY created_at, id",
    [phone],
  );

/** What tests of notifications do again and again, in the shop that is open then. */
export function notificationTools(home: () => Home) {
  /** Everything that the journal says of these, the oldest first. */
  const eventsOf = (...ids: string[]) =>
    rows<JournalEvent>(
      home().database.manager,
      `SELECT id::integer, xid::integer, aggregate_type AS "aggregateType", aggregate_id AS "aggregateId", version, type, payload,
         created_at AS "createdAt"
       FROM events WHERE aggregate_id = ANY($1::uuid[]) ORDER BY id`,
      [ids],
    );
  /** Tells people of everything that the journal says of these. */
  const note = async (...ids: string[]) => {
    const events = await eventsOf(...ids);
    return home().run((transaction) => noteEvents(transaction, events));
  };
  return {
    eventsOf,
    note,
    kindsOf: async (...ids: string[]) => (await note(...ids)).map(({ kind }) => kind),
    deliver: (boxId: string, now: Date) =>
      home().run((transaction) => deliverNotifications(transaction, { boxId, now })),
    badgeOf: (accountId: string) => readBadge(home().database.manager, accountId),
    list: (accountId: string, roles: ('customer' | 'staff')[] = ['customer']) =>
      readNotifications(home().database.manager, { accountId, roles, unread: false, limit: 50 }),
    settle: (accountId: string, change: Partial<typeof DEFAULT_SETTINGS>) =>
      home().run((transaction) => changeSettings(transaction, { accountId, ...DEFAULT_SETTINGS, ...change })),
    /** Switches a channel of orders on or off. */
    choose: (accountId: string, isOn: boolean, channel: 'sms' | 'in_app' = 'sms') =>
      home().run((transaction) =>
        changePreferences(transaction, { accountId, choices: [{ category: 'order', channel, isOn }] }),
      ),
    /** Many notifications of an order for somebody, in one transaction. */
    tellOften: (accountId: string, times: number, orderId: string) =>
      home().run((transaction) =>
        notify(
          transaction,
          Array.from({ length: times }, (_, index) => ({
            ...{ owner: { accountId }, kind: 'order_expired' as const, data: { orderId }, at: new Date() },
            dedupeKey: `often:${index}`,
          })),
        ),
      ),
  };
}

/** Today in Tehran, so that nothing is old. */
const TODAY = new Date(Date.now() + 3.5 * 3_600_000).toISOString().slice(0, 10);

/** An hour of Tehran, so many days from today. */
export const tehran = (hour: number, days = 0) =>
  new Date(Date.parse(`${TODAY}T00:00:00+03:30`) + hour * 3_600_000 + days * 86_400_000);
