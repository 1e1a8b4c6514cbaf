import { ANALYTICS_ERRORS } from './analytics/analytics.errors';
import { AUTH_ERRORS } from './auth/auth.errors';
import { CAMPAIGN_ERRORS } from './campaigns/campaigns.errors';
import { CART_ERRORS } from './carts/carts.errors';
import { CATALOG_ERRORS } from './catalog/catalog.errors';
import { CHAT_ERRORS } from './chat/chat.errors';
import { CHECKOUT_ERRORS } from './checkout/checkout.errors';
import { COMMON_ERRORS } from './common-errors';
import { CUSTOMER_ERRORS } from './customers/customers.errors';
import type { LineProblem } from './imports/catalog-import';
import { IMPORT_ERRORS } from './imports/imports.errors';
import { INVENTORY_ERRORS } from './inventory/inventory.errors';
import { JOB_ERRORS } from './jobs/jobs.errors';
import { NOTIFICATION_ERRORS } from './notifications/notifications.errors';
import type { OrderStatus } from './orders/order-status';
import { ORDER_ERRORS } from './orders/orders.errors';
import { PAYMENT_ERRORS } from './payments/payments.errors';
import { PICTURE_ERRORS } from './pictures/pictures.errors';
import { PURCHASING_ERRORS } from './purchasing/purchasing.errors';
import { RELAY_ERRORS } from './relay/relay.errors';
import { REPLENISHMENT_ERRORS } from './replenishment/replenishment.errors';
import { SMS_ERRORS } from './sms/sms.errors';
import { STAFF_ERRORS } from './staff/staff.errors';
import { STOCK_ALERT_ERRORS } from './stock-alerts/stock-alerts.errors';
import { STOCKTAKING_ERRORS } from './stocktaking/stocktaking.errors';
import { SUPPORT_ERRORS } from './support/support.errors';
import { TRANSFER_ERRORS } from './transfers/transfers.errors';
import type { Money } from './values/money';

/**
 * Every refusal and failure of the shop: a stable code, an HTTP status, an English sentence. Each word declares its own;
 * a code in two words is refused by a test. `api/problem` renders them as RFC 9457 problems, and activities turn them into
 * workflow failures of the same code.
 */
export const ERRORS = {
  ...COMMON_ERRORS,
  ...INVENTORY_ERRORS,
  ...TRANSFER_ERRORS,
  ...STOCKTAKING_ERRORS,
  ...CATALOG_ERRORS,
  ...PICTURE_ERRORS,
  ...IMPORT_ERRORS,
  ...CART_ERRORS,
  ...CHECKOUT_ERRORS,
  ...ORDER_ERRORS,
  ...PAYMENT_ERRORS,
  ...AUTH_ERRORS,
  ...STAFF_ERRORS,
  ...CHAT_ERRORS,
  ...SUPPORT_ERRORS,
  ...CUSTOMER_ERRORS,
  ...PURCHASING_ERRORS,
  ...SMS_ERRORS,
  ...CAMPAIGN_ERRORS,
  ...JOB_ERRORS,
  ...RELAY_ERRORS,
  ...NOTIFICATION_ERRORS,
  ...STOCK_ALERT_ERRORS,
  ...REPLENISHMENT_ERRORS,
  ...ANALYTICS_ERRORS,
} as const satisfies Record<string, { status: number; title: string }>;

/** The stable name of a refusal or failure: the `code` that clients see. */
export type ErrorCode = keyof typeof ERRORS;

/** One thing wrong with one part of a request. */
export interface FieldError {
  readonly in: 'body' | 'query' | 'path' | 'header';
  /** Dotted, as in `lines.0.quantity`; empty for the whole. */
  readonly field: string;
  /** The name of the broken rule. */
  readonly rule: string;
  readonly detail: string;
}

/** A line of a cart that keeps it from being ordered. */
export interface RefusedLine {
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  /** The wanted units, when there are not as many. */
  readonly quantity?: number;
}

/** A level that would have too few units. */
export interface StockShortage {
  readonly variantId: string;
  readonly locationId: string;
  readonly onHand: number;
  readonly reserved: number;
  /** The units that would be on hand. Fewer than none: more were to go than there are. */
  readonly left: number;
}

/** An order that holds units, or has bought units that have not left. */
export interface StockHolder {
  readonly orderId: string;
  readonly variantId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly isPaid: boolean;
}

/**
 * What a refusal says beyond its code: JSON values, which the caller sees unchanged. `ProblemView` documents each of them, so a
 * further one is a field there as well.
 */
export interface ErrorDetails {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly attemptsLeft?: number;
  readonly workChallenge?: string;
  readonly variantId?: string;
  readonly quantity?: number;
  readonly limit?: number;
  readonly available?: number;
  /** When the next open order ends by itself, as an ISO 8601 instant; absent when none does. */
  readonly nextEndsAt?: string | null;
  readonly units?: number;
  readonly version?: number;
  readonly lines?: readonly RefusedLine[];
  readonly onHand?: number;
  readonly shortages?: readonly StockShortage[];
  readonly holders?: readonly StockHolder[];
  readonly total?: Money;
  readonly minimum?: Money;
  readonly maximum?: Money;
  readonly orderId?: string;
  readonly orderToken?: string;
  readonly orderStatus?: OrderStatus;
  readonly gateway?: string;
  readonly problems?: readonly LineProblem[];
}

/**
 * A refusal of the shop. An operation throws it, and the transaction rolls back. An operation that must store a failure
 * returns it instead.
 */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(ERRORS[code].title, options);
  }

  /** The HTTP status that belongs to the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Throws {@link AppError} with the code unless the value is truthy. */
export function assertThat(value: unknown, code: ErrorCode, details?: ErrorDetails): asserts value {
  if (!value) throw new AppError(code, details);
}
