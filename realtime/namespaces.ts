import { ANALYTICS } from './analytics/analytics.namespace';
import { DASHBOARD } from './analytics/dashboard.namespace';
import { TRACKING } from './analytics/tracking.namespace';
import { CHAT } from './chat/chat.namespace';
import { NOTIFICATIONS } from './notifications/notifications.namespace';
import { ORDERS } from './orders/orders.namespace';
import type { Namespace } from './registry';
import { SUPPORT } from './support/support.namespace';

/** All namespaces of the shop: a line for each. */
export const NAMESPACES: readonly Namespace[] = [
  ORDERS,
  CHAT,
  SUPPORT,
  NOTIFICATIONS,
  ANALYTICS,
  DASHBOARD,
  TRACKING,
];
