import { markNotifications, type Which } from '../../entities/notifications/mark-notifications';
import { readBadge } from '../../entities/notifications/notification-boxes';
import { NOTIFICATION_LIMIT } from '../../entities/notifications/notification-limits';
import { NOTIFICATION_BOX } from '../../entities/notifications/notifications.events';
import { ChoicesInput, MarkInput, SettingsInput } from '../../entities/notifications/notifications.input';
import {
  BadgeView,
  PreferencesView,
  presentNotification,
  SettingsView,
} from '../../entities/notifications/notifications.view';
import { changePreferences, readPreferences } from '../../entities/notifications/own-preferences';
import { changeSettings, readSettings } from '../../entities/notifications/own-settings';
import { readNotifications, worksHere } from '../../entities/notifications/read-notifications';
import { withTransaction } from '../../platform/transaction';
import { defineFollow, defineNamespace, defineVerb, type VerbContext } from '../registry';
import { DoneView, SubscribedView, subscribeTo } from '../subscribe-to';
import { ListNotificationsInput, NoInput, SubscribeNotificationsInput } from './notifications.input';
import { AddedPayload, BadgePayload, LiveNotificationsView } from './notifications.view';

const roomOf = (accountId: string) => `notifications:${accountId}`;
const PAGE_LENGTH = 20;

const whoOf = ({ caller }: VerbContext) => caller!;

const mark = (context: VerbContext, as: 'read' | 'seen', { ids, upTo }: MarkInput) => {
  const which: Which = ids ? { ids } : { upTo: upTo! };
  const { accountId } = whoOf(context);
  return withTransaction(context.database, (transaction) =>
    markNotifications(transaction, { accountId, as, which }),
  );
};

async function preferencesOf(context: VerbContext): Promise<PreferencesView> {
  const { accountId, roles } = whoOf(context);
  const { manager } = context.database;
  return { items: await readPreferences(manager, { accountId, isStaff: worksHere(roles) }) };
}

/** What a person is told, with a badge that is absolute and has a version. */
export const NOTIFICATIONS = defineNamespace({
  name: '/notifications',
  summary: 'What a person is told',
  who: 'signed-in',
  verbs: {
    subscribe: defineVerb({
      summary: 'Follow one’s own box from a version on',
      input: SubscribeNotificationsInput,
      answer: SubscribedView,
      action: 'notification.read',
      async handle(context, { after }) {
        const { accountId } = whoOf(context);
        return subscribeTo(context, {
          aggregate: NOTIFICATION_BOX,
          id: accountId,
          room: roomOf(accountId),
          after,
          authorise: async () => {},
          state: () => readBadge(context.database.manager, accountId),
        });
      },
    }),

    unsubscribe: defineVerb({
      summary: 'Follow one’s own box no longer',
      input: NoInput,
      answer: DoneView,
      action: 'notification.read',
      async handle(context) {
        context.leave(roomOf(whoOf(context).accountId));
        return {};
      },
    }),

    list: defineVerb({
      summary: 'Read a page of one’s own notifications, the newest first',
      input: ListNotificationsInput,
      answer: LiveNotificationsView,
      action: 'notification.read',
      async handle(context, { before, unread = false, limit = PAGE_LENGTH }) {
        const { accountId, roles } = whoOf(context);
        const { manager } = context.database;
        const badge = await readBadge(manager, accountId);
        const part = { accountId, roles, unread, before, limit: limit + 1 };
        const found = await readNotifications(manager, part);
        const notifications = found.slice(0, limit).map(presentNotification);
        return { notifications, next: found.length > limit ? notifications.at(-1)!.id : null, badge };
      },
    }),

    badge: defineVerb({
      summary: 'Read how many were not read',
      input: NoInput,
      answer: BadgeView,
      action: 'notification.read',
      handle: (context) => readBadge(context.database.manager, whoOf(context).accountId),
    }),

    read: defineVerb({
      summary: 'Mark notifications as read: these, or all that had come with a version',
      input: MarkInput,
      answer: BadgeView,
      action: 'notification.change',
      limit: NOTIFICATION_LIMIT,
      handle: (context, input) => mark(context, 'read', input),
    }),

    seen: defineVerb({
      summary: 'Mark notifications as seen in a list: these, or all that had come with a version',
      input: MarkInput,
      answer: BadgeView,
      action: 'notification.change',
      limit: NOTIFICATION_LIMIT,
      handle: (context, input) => mark(context, 'seen', input),
    }),

    preferences: defineVerb({
      summary: 'Read of what one hears by which channel',
      input: NoInput,
      answer: PreferencesView,
      action: 'notification.read',
      handle: preferencesOf,
    }),

    choose: defineVerb({
      summary: 'Switch channels on or off',
      input: ChoicesInput,
      answer: PreferencesView,
      action: 'notification.change',
      limit: NOTIFICATION_LIMIT,
      errors: ['notification.channel_fixed', 'auth.session_over'],
      async handle(context, { choices }) {
        const { accountId } = whoOf(context);
        await withTransaction(context.database, (transaction) =>
          changePreferences(transaction, { accountId, choices }),
        );
        return preferencesOf(context);
      },
    }),

    settings: defineVerb({
      summary: 'Read when and in which language one wants messages',
      input: NoInput,
      answer: SettingsView,
      action: 'notification.read',
      handle: (context) => readSettings(context.database.manager, whoOf(context).accountId),
    }),

    arrange: defineVerb({
      summary: 'Choose quiet hours, a digest, a zone and a language',
      input: SettingsInput,
      answer: SettingsView,
      action: 'notification.change',
      limit: NOTIFICATION_LIMIT,
      errors: ['notification.zone_unknown', 'auth.session_over'],
      handle: (context, input) =>
        withTransaction(context.database, (transaction) =>
          changeSettings(transaction, { accountId: whoOf(context).accountId, ...input }),
        ),
    }),
  },
  follows: [
    defineFollow({
      aggregate: NOTIFICATION_BOX,
      roomOf,
      payloads: {
        'notifications.added': AddedPayload,
        'notifications.read': BadgePayload,
        'notifications.seen': BadgePayload,
        'notifications.removed': BadgePayload,
        'notifications.arranged': BadgePayload,
        'notifications.overdue': BadgePayload,
      },
      // The box of an order has nobody in its room.
      route: async (_manager, events) =>
        events.map(({ aggregateId, payload }) => ({ rooms: [roomOf(aggregateId)], payload })),
    }),
  ],
});
