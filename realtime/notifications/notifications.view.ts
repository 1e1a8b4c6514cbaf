import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsInt, IsUUID, Max, Min, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { COUNTED_AT_MOST } from '../../entities/notifications/notification-limits';
import type { BadgeCounts, NotificationBoxEvents } from '../../entities/notifications/notifications.events';
import { BadgeView, NotificationView } from '../../entities/notifications/notifications.view';

/** A page of notifications, the newest first, and the badge. */
export class LiveNotificationsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NotificationView)
  notifications!: NotificationView[];

  /** `before` of the next page; null at the end. */
  @Nullable()
  @IsUUID()
  next!: string | null;

  @ValidateNested()
  @Type(() => BadgeView)
  badge!: BadgeView;
}

/** What the badge shows from now on, counted up to 100. */
export class BadgePayload implements BadgeCounts {
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

type Added = NotificationBoxEvents['notifications.added'];

/** Notifications have come: the newest of them, at most 20. */
export class AddedPayload extends BadgePayload implements Added {
  @IsArray()
  @IsUUID(undefined, { each: true })
  ids!: string[];

  /** Whether a message by SMS may follow. */
  @IsBoolean()
  waits!: boolean;
}
