import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { LANGUAGES, type Language } from '../customers/profile';
import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import {
  NOTIFICATION_CATEGORIES,
  NOTIFICATION_CHANNELS,
  type NotificationCategory,
  type NotificationChannel,
} from './notification-categories';
import { NOTIFICATION_KINDS, type NotificationKind } from './notification-kinds';
import { COUNTED_AT_MOST } from './notification-limits';
import { DIGESTS, type Digest } from './notification-settings';
import type { ShownNotification } from './read-notifications';

/** Something that happened and concerns its reader. */
export class NotificationView {
  @IsUUID()
  id!: string;

  @IsIn(Object.keys(NOTIFICATION_KINDS))
  kind!: NotificationKind;

  @IsIn(NOTIFICATION_CATEGORIES)
  category!: NotificationCategory;

  /** In the language of the reader, made of the rows as they are now. */
  @Example('Order 100042 is paid')
  @IsString()
  text!: string;

  /** Ids of what it is about: `orderId`, `ticketId`, `purchaseOrderId`, `variantId`, `sessionId`. */
  @Example({ orderId: '0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b' })
  @IsObject()
  data!: Readonly<Record<string, string>>;

  /** When it happened. */
  @IsISO8601()
  createdAt!: string;

  @IsBoolean()
  isSeen!: boolean;

  @IsBoolean()
  isRead!: boolean;
}

/** How many are not read, and not seen, counted up to 100. Absolute, and true at a version. */
export class BadgeView {
  @Example(7)
  @IsInt()
  @Min(0)
  version!: number;

  @Example(2)
  @IsInt()
  @Min(0)
  @Max(COUNTED_AT_MOST)
  unread!: number;

  @Example(1)
  @IsInt()
  @Min(0)
  @Max(COUNTED_AT_MOST)
  unseen!: number;
}

/** A channel of a category. */
export class PreferenceView {
  @IsIn(NOTIFICATION_CATEGORIES)
  category!: NotificationCategory;

  @IsIn(NOTIFICATION_CHANNELS)
  channel!: NotificationChannel;

  @IsBoolean()
  isOn!: boolean;

  /** It is always on. */
  @IsBoolean()
  isFixed!: boolean;
}

/** Every channel of every category that the reader may hear of. */
export class PreferencesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PreferenceView)
  items!: PreferenceView[];
}

/** When and in which language somebody wants messages. Hours are minutes after midnight; equal ends are no quiet hours. */
export class SettingsView {
  @Example('Asia/Tehran')
  @IsString()
  zone!: string;

  /** Null: the language of the profile. */
  @Nullable()
  @IsIn(LANGUAGES)
  locale!: Language | null;

  @Example(1_320)
  @IsInt()
  quietFrom!: number;

  @Example(480)
  @IsInt()
  quietTo!: number;

  @IsIn(DIGESTS)
  digest!: Digest;

  @Example(9)
  @IsInt()
  digestHour!: number;
}

export function presentNotification({ createdAt, ...shown }: ShownNotification): NotificationView {
  return { ...shown, createdAt: createdAt.toISOString() };
}
