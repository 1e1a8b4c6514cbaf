import { AUTH_INVARIANTS } from '../auth/auth.invariants';
import { CACHE_INVARIANTS } from '../cache/cache.invariants';
import { CAMPAIGN_INVARIANTS } from '../campaigns/campaigns.invariants';
import { CATALOG_INVARIANTS } from '../catalog/catalog.invariants';
import { CHAT_INVARIANTS } from '../chat/chat.invariants';
import { CODES_INVARIANTS } from '../codes/codes.invariants';
import type { Invariant } from '../invariant';
import { INVENTORY_INVARIANTS } from '../inventory/inventory.invariants';
import { NOTIFICATION_INVARIANTS } from '../notifications/notifications.invariants';
import { ORDER_INVARIANTS } from '../orders/orders.invariants';
import { PAYMENT_INVARIANTS } from '../payments/payments.invariants';
import { PURCHASING_INVARIANTS } from '../purchasing/purchasing.invariants';
import { REPLENISHMENT_INVARIANTS } from '../replenishment/replenishment.invariants';
import { SMS_INVARIANTS } from '../sms/sms.invariants';
import { STAFF_INVARIANTS } from '../staff/staff.invariants';
import { STOCK_ALERT_INVARIANTS } from '../stock-alerts/stock-alerts.invariants';
import { STOCKTAKING_INVARIANTS } from '../stocktaking/stocktaking.invariants';
import { SUPPORT_INVARIANTS } from '../support/support.invariants';
import { TRANSFER_INVARIANTS } from '../transfers/transfers.invariants';
import { guardsAreInForce } from './guards-are-in-force';

/** Every invariant of the shop, gathered from the words, and that the database guards them. */
export const INVARIANTS: readonly Invariant[] = [
  ...INVENTORY_INVARIANTS,
  ...TRANSFER_INVARIANTS,
  ...STOCKTAKING_INVARIANTS,
  ...ORDER_INVARIANTS,
  ...PAYMENT_INVARIANTS,
  ...CATALOG_INVARIANTS,
  ...AUTH_INVARIANTS,
  ...STAFF_INVARIANTS,
  ...CHAT_INVARIANTS,
  ...SUPPORT_INVARIANTS,
  ...PURCHASING_INVARIANTS,
  ...SMS_INVARIANTS,
  ...CAMPAIGN_INVARIANTS,
  ...CODES_INVARIANTS,
  ...NOTIFICATION_INVARIANTS,
  ...STOCK_ALERT_INVARIANTS,
  ...CACHE_INVARIANTS,
  ...REPLENISHMENT_INVARIANTS,
  guardsAreInForce,
];
