import { Type } from 'class-transformer';
import { IsArray, IsUUID, ValidateNested } from 'class-validator';

import { Nullable } from '../../entities/describe/nullable';
import { BadgeView, NotificationView } from '../../entities/notifications/notifications.view';

/** A page of notifications, the newest first, and the badge. */
export class NotificationsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NotificationView)
  items!: NotificationView[];

  /** Null on the last page. */
  @Nullable()
  @IsUUID()
  nextCursor!: string | null;

  @ValidateNested()
  @Type(() => BadgeView)
  badge!: BadgeView;
}
