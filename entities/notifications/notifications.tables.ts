import { Notification } from './notification';
import { NotificationBox } from './notification-box';
import { NotificationDelivery } from './notification-delivery';
import { NotificationDigest } from './notification-digest';
import { NotificationPreference } from './notification-preference';
import { NotificationSettings } from './notification-settings';

/** The tables of what people are told. */
export const NOTIFICATION_TABLES = [
  NotificationBox,
  Notification,
  NotificationDelivery,
  NotificationPreference,
  NotificationSettings,
  NotificationDigest,
];
