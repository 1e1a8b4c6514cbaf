import { AppError } from '../../entities/errors';
import { markNotifications } from '../../entities/notifications/mark-notifications';
import { readBadge } from '../../entities/notifications/notification-boxes';
import { NOTIFICATION_LIMIT } from '../../entities/notifications/notification-limits';
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
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { guard, type Guard } from '../middleware/guard';
import { may } from '../middleware/may';
import type { Caller } from '../middleware/signed-in';
import { validate, validateQuery } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { NotificationsQuery } from './notifications.input';
import { NotificationsView } from './notifications.view';

/** What a person is told, and how they want to be told. */
export function notificationsRoutes(
  router: CustomerRouter,
  { database }: Pick<Dependencies, 'database'>,
): void {
  router.get(
    '/notifications',
    [
      describeRoute({
        operation: 'listNotifications',
        tag: 'notifications',
        summary: 'What the caller was told, the newest first',
        answers: { 200: NotificationsView },
      }),
      may('notification.read'),
      validateQuery(NotificationsQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { accountId, roles } = caller;
      const { cursor, unread, limit } = query;
      // Before the list: marking all up to this version as read never marks what the list does not have.
      const badge = await readBadge(database.manager, accountId);
      const part = { accountId, roles, unread, before: cursor, limit: limit + 1 };
      const found = await readNotifications(database.manager, part);
      const items = found.slice(0, limit).map(presentNotification);
      const nextCursor = found.length > limit ? items.at(-1)!.id : null;
      return { status: 200, body: { items, nextCursor, badge } };
    },
  );

  router.get(
    '/notifications/badge',
    [
      describeRoute({
        operation: 'readNotificationBadge',
        tag: 'notifications',
        summary: 'How many notifications the caller has not read',
        answers: { 200: BadgeView },
      }),
      may('notification.read'),
    ],
    async (ctx) => ({ status: 200, body: await readBadge(database.manager, ctx.state.caller.accountId) }),
  );

  for (const as of ['read', 'seen'] as const) {
    router.post(
      `/notifications/${as}`,
      [
        describeRoute({
          operation: as === 'read' ? 'markNotificationsRead' : 'markNotificationsSeen',
          tag: 'notifications',
          summary: as === 'read' ? 'Mark notifications as read' : 'Mark notifications as seen in a list',
          description:
            'These, or all that had come with a version: what comes at the same moment stays. A repetition changes nothing.',
          answers: { 200: BadgeView },
        }),
        may('notification.change'),
        validate(MarkInput),
        limitNotifications(),
      ],
      async (ctx) => {
        const { caller, input } = ctx.state;
        const which = input.ids ? { ids: input.ids } : { upTo: input.upTo! };
        const badge = await withTransaction(database, (transaction) =>
          markNotifications(transaction, { accountId: caller.accountId, as, which }),
        );
        return { status: 200, body: badge };
      },
    );
  }

  const preferencesOf = async ({ accountId, roles }: Pick<Caller, 'accountId' | 'roles'>) => ({
    items: await readPreferences(database.manager, { accountId, isStaff: worksHere(roles) }),
  });

  router.get(
    '/notifications/preferences',
    [
      describeRoute({
        operation: 'readNotificationPreferences',
        tag: 'notifications',
        summary: 'Of what the caller hears by which channel',
        answers: { 200: PreferencesView },
      }),
      may('notification.read'),
    ],
    async (ctx) => ({ status: 200, body: await preferencesOf(ctx.state.caller) }),
  );

  router.put(
    '/notifications/preferences',
    [
      describeRoute({
        operation: 'changeNotificationPreferences',
        tag: 'notifications',
        summary: 'Switch channels on or off',
        description: 'What waits is judged by the new choices. Security and payment cannot be switched off.',
        answers: { 200: PreferencesView },
        errors: ['notification.channel_fixed', 'auth.session_over'],
      }),
      may('notification.change'),
      validate(ChoicesInput),
      limitNotifications(),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      await withTransaction(database, (transaction) =>
        changePreferences(transaction, { accountId: caller.accountId, choices: input.choices }),
      );
      return { status: 200, body: await preferencesOf(caller) };
    },
  );

  router.get(
    '/notifications/settings',
    [
      describeRoute({
        operation: 'readNotificationSettings',
        tag: 'notifications',
        summary: 'When and in which language the caller wants messages',
        answers: { 200: SettingsView },
      }),
      may('notification.read'),
    ],
    async (ctx) => ({ status: 200, body: await readSettings(database.manager, ctx.state.caller.accountId) }),
  );

  router.put(
    '/notifications/settings',
    [
      describeRoute({
        operation: 'changeNotificationSettings',
        tag: 'notifications',
        summary: 'Choose quiet hours, a digest, a zone and a language',
        description: 'What waits is judged by the new settings.',
        answers: { 200: SettingsView },
        errors: ['notification.zone_unknown', 'auth.session_over'],
      }),
      may('notification.change'),
      validate(SettingsInput),
      limitNotifications(),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      const settings = await withTransaction(database, (transaction) =>
        changeSettings(transaction, { accountId: caller.accountId, ...input }),
      );
      return { status: 200, body: settings };
    },
  );
}

/** Refuses somebody who changes things too often, by requests and by sockets together. */
function limitNotifications(): Guard {
  return guard({ errors: ['request.too_many'] }, async (ctx) => {
    const { caller } = ctx.state as unknown as { readonly caller: Caller };
    const { limiter } = ctx.state.rateLimits;
    const { name } = NOTIFICATION_LIMIT;
    const { allowed, retryAfterSeconds } = await limiter.consume(name, caller.accountId, NOTIFICATION_LIMIT);
    if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
  });
}
