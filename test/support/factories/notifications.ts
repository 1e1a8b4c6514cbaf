import type { BoxOwner } from '../../../entities/notifications/notification-boxes';
import type { NotificationKind } from '../../../entities/notifications/notification-kinds';
import { notify, type Created } from '../../../entities/notifications/notify';
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
