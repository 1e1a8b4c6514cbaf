import type { EntityManager } from 'typeorm';

import { STAFF_ROLES, type Role } from '../auth/policy';
import { boolean, instant, json, nullable, text, uuid, type RowShape } from '../row-shape';
import type { SmsLanguage } from '../sms/sms-status';
import { rowsPlannedAnew, row, statement } from '../sql';
import { STAFF_CATEGORIES, type NotificationCategory } from './notification-categories';
import { FACT_JOINS, facts, FACTS_OF } from './notification-facts';
import { knownKind, type NotificationKind } from './notification-kinds';
import { fillText, type Facts } from './notification-text';
import { readSettings } from './own-settings';

/** A notification as its person sees it. */
export interface ShownNotification {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly category: NotificationCategory;
  /** Made of the rows as they are now. */
  readonly text: string;
  /** Ids of what it is about. */
  readonly data: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly isSeen: boolean;
  readonly isRead: boolean;
}

interface Found extends Omit<ShownNotification, 'text'> {
  readonly facts: Facts;
}

const SHAPE: RowShape<Found> = {
  ...{
    id: uuid,
    kind: text,
    category: text,
    data: json<Readonly<Record<string, string>>>(),
    createdAt: instant,
  },
  ...{ isSeen: boolean, isRead: boolean, facts },
};

const LIST = statement<Found>(
  `SELECT n.id, n.kind, n.category, n.data, n.created_at AS "createdAt", n.seen_at IS NOT NULL AS "isSeen",
     n.read_at IS NOT NULL AS "isRead", ${FACTS_OF}
   FROM (
     SELECT * FROM notifications
     WHERE box_id = $1 AND is_shown AND ($2::uuid IS NULL OR id < $2) AND (NOT $3::boolean OR read_at IS NULL)
     ORDER BY id DESC LIMIT $4
   ) AS n ${FACT_JOINS}
   ORDER BY n.id DESC`,
  SHAPE,
);

const LANGUAGE = statement<{ language: SmsLanguage | null }>(
  'SELECT (SELECT language FROM profiles WHERE account_id = $1) AS language',
  { language: nullable(text) },
);

/** Whose notifications, and which page of them. */
export interface NotificationsPart {
  readonly accountId: string;
  readonly roles: readonly Role[];
  readonly unread: boolean;
  /** The last one of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

const FOR_STAFF = {
  fa: 'برای دیدن این پیام کاری با حساب کارکنان وارد شوید',
  en: 'A matter of work: sign in as staff to read it',
};

/** While a deploy is unfinished, a newer version of the code may have stored a kind that this one does not know. */
const UNKNOWN = { fa: 'پیام تازه', en: 'A new message' };

/** The language in which somebody is told: the one chosen for it, that of the profile, or Persian. */
export async function readLocale(manager: EntityManager, boxId: string): Promise<SmsLanguage> {
  const { locale } = await readSettings(manager, boxId);
  return locale ?? (await row(manager, LANGUAGE, [boxId]))!.language ?? 'fa';
}

/**
 * A page of somebody's notifications, the newest first. Texts are made of the rows as they are now. What concerns the work of the
 * shop's people shows nothing to a session without such a role: the role may have been taken, or the session is the customer's.
 */
export async function readNotifications(
  manager: EntityManager,
  { accountId, roles, unread, before, limit }: NotificationsPart,
): Promise<ShownNotification[]> {
  const locale = await readLocale(manager, accountId);
  const isStaff = worksHere(roles);
  const found = await rowsPlannedAnew(manager, LIST, [accountId, before ?? null, unread, limit]);
  return found.map(({ facts: known, ...shown }) =>
    isStaff || !isForStaff(shown)
      ? { ...shown, text: fillText((knownKind(shown.kind)?.text ?? UNKNOWN)[locale], known) }
      : { ...shown, text: FOR_STAFF[locale], data: {} },
  );
}

/** Whether one of these roles is for people who work for the shop. */
export const worksHere = (roles: readonly Role[]): boolean =>
  roles.some((role) => (STAFF_ROLES as readonly Role[]).includes(role));

const STAFF_KINDS: readonly NotificationKind[] = ['stock_low', 'stock_out'];

/** Whether it concerns the work of the shop's people. */
export const isForStaff = ({ kind, category }: Pick<ShownNotification, 'kind' | 'category'>): boolean =>
  STAFF_CATEGORIES.includes(category) || STAFF_KINDS.includes(kind);
