import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from './describe/example';
import { Nullable } from './describe/nullable';
import {
  ERRORS,
  type ErrorCode,
  type ErrorDetails,
  type FieldError,
  type RefusedLine,
  type StockHolder,
  type StockShortage,
} from './errors';
import type { LineProblem } from './imports/catalog-import';
import type { OrderStatus } from './orders/order-status';
import type { Problem } from './problem';
import { MoneyView } from './values/money.view';

/** One thing wrong with one part of the request. */
export class FieldErrorView implements FieldError {
  @IsIn(['body', 'query', 'path', 'header'])
  in!: FieldError['in'];

  @Example('quantity')
  @IsString()
  field!: string;

  @Example('min')
  @IsString()
  rule!: string;

  @Example('quantity must not be less than 1')
  @IsString()
  detail!: string;
}

/** A line of the cart that keeps it from being ordered. */
export class RefusedLineView implements RefusedLine {
  @IsUUID()
  variantId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example('سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  title!: string;

  /** The wanted units, when there are not as many. */
  @IsOptional()
  @Example(2)
  @IsInt()
  @Min(1)
  quantity?: number;
}

/** A level that would have too few units. */
export class StockShortageView implements StockShortage {
  @IsUUID()
  variantId!: string;

  @IsUUID()
  locationId!: string;

  @Example(5)
  @IsInt()
  onHand!: number;

  @Example(3)
  @IsInt()
  reserved!: number;

  /** The units that would be on hand. Below zero: more were to go than there are. */
  @Example(2)
  @IsInt()
  left!: number;
}

/** An order that holds units, or has bought units that have not left. */
export class StockHolderView implements StockHolder {
  @IsUUID()
  orderId!: string;

  @IsUUID()
  variantId!: string;

  @IsUUID()
  locationId!: string;

  @Example(2)
  @IsInt()
  quantity!: number;

  @Example(false)
  @IsBoolean()
  isPaid!: boolean;
}

/** What is wrong with a line of a table. */
export class LineProblemView implements LineProblem {
  /** From 1, as an editor counts. */
  @Example(17)
  @IsInt()
  line!: number;

  /** Null where it is the whole line. */
  @Nullable()
  @Example('price')
  @IsString()
  column!: string | null;

  @Example('not_a_number')
  @IsString()
  code!: string;
}

/** Every failure, after RFC 9457. The fields after `requestId` are there when the refusal has them to tell. */
export class ProblemView implements Problem {
  /** An address relative to the API, where the code is explained. */
  @Example('/problems/request.invalid')
  @IsString()
  type!: string;

  /** The refusal as an English sentence. */
  @Example('The request does not have the expected form.')
  @IsString()
  title!: string;

  @Example(422)
  @IsInt()
  status!: number;

  /** The stable name of the refusal. */
  @IsIn(Object.keys(ERRORS))
  code!: ErrorCode;

  /** For the shop's support: it finds the request in the log. */
  @Example('0197f3a0-5d52-7bd0-9c1e-3f6f6f1d2a11')
  @IsString()
  requestId!: string;

  /** What is wrong with the request. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FieldErrorView)
  errors?: readonly FieldErrorView[];

  /** When to try again; also in the header `Retry-After`. */
  @IsOptional()
  @Example(12)
  @IsInt()
  retryAfterSeconds?: number;

  /** How often the code may still be tried. */
  @IsOptional()
  @Example(4)
  @IsInt()
  attemptsLeft?: number;

  /** An ALTCHA challenge as JSON. Send its solution as X-Work. */
  @IsOptional()
  @Example('{"parameters":{"algorithm":"PBKDF2/SHA-256"},"signature":"0123"}')
  @IsString()
  workChallenge?: string;

  /** The variant that was asked for. */
  @IsOptional()
  @IsUUID()
  variantId?: string;

  /** How many units of it there would be. */
  @IsOptional()
  @Example(25)
  @IsInt()
  quantity?: number;

  /** The most that is allowed. */
  @IsOptional()
  @Example(20)
  @IsInt()
  limit?: number;

  /** How many units can be bought, at most 20. */
  @IsOptional()
  @Example(3)
  @IsInt()
  available?: number;

  /** When the next of the open orders ends by itself; null when it is not known. */
  @IsOptional()
  @Example('2026-11-23T17:02:00.000Z')
  @IsISO8601()
  nextEndsAt?: string | null;

  /** The units of all lines. */
  @IsOptional()
  @Example(120)
  @IsInt()
  units?: number;

  /** The present version of what was to be changed. */
  @IsOptional()
  @Example(5)
  @IsInt()
  version?: number;

  /** The lines that cannot be ordered as they are. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RefusedLineView)
  lines?: readonly RefusedLineView[];

  /** The units that are on hand now. */
  @IsOptional()
  @Example(4)
  @IsInt()
  onHand?: number;

  /** The levels that would have too few units, the first of them. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockShortageView)
  shortages?: readonly StockShortageView[];

  /** The orders that have the units of these levels, the first of them. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StockHolderView)
  holders?: readonly StockHolderView[];

  /** The present total of the cart, for the next `expectedTotal`. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyView)
  total?: MoneyView;

  /** The least that the gateway takes. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyView)
  minimum?: MoneyView;

  /** The most that the gateway takes. */
  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyView)
  maximum?: MoneyView;

  /** The open order of the cart. */
  @IsOptional()
  @IsUUID()
  orderId?: string;

  /** Lets its bearer read, pay and cancel that order: send it as X-Order-Token. */
  @IsOptional()
  @Example('the-token-of-that-order')
  @IsString()
  orderToken?: string;

  /** Where the order stands. */
  @IsOptional()
  @IsIn(['awaiting_payment', 'placed', 'expired', 'cancelled'] satisfies OrderStatus[])
  orderStatus?: OrderStatus;

  /** The gateway that was asked for. */
  @IsOptional()
  @Example('paypal')
  @IsString()
  gateway?: string;

  /** Lines of a table that cannot be booked, at most a thousand. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LineProblemView)
  problems?: LineProblemView[];
}

/** What a refusal carries besides its code, in the documentation. */
const CARRIED: Readonly<Partial<Record<ErrorCode, readonly (keyof ErrorDetails & keyof ProblemView)[]>>> = {
  'request.invalid': ['errors'],
  'request.too_many': ['retryAfterSeconds'],
  'auth.code_wrong': ['attemptsLeft', 'errors'],
  'auth.work_needed': ['workChallenge'],
  'auth.code_too_soon': ['retryAfterSeconds'],
  'auth.codes_too_many': ['retryAfterSeconds'],
  'auth.codes_exhausted': ['retryAfterSeconds'],
  'auth.guesses_too_many': ['retryAfterSeconds'],
  'auth.factor_wrong': ['attemptsLeft'],
  'address.changed': ['version'],
  'address.too_many': ['limit'],
  'catalog.product_changed': ['version'],
  'catalog.category_changed': ['version'],
  'catalog.variant_limit': ['limit'],
  'catalog.planned_price_limit': ['limit'],
  'catalog.category_limit': ['limit'],
  'catalog.category_too_deep': ['limit'],
  'picture.too_many': ['limit'],
  'import.refused': ['problems'],
  'cart.line_not_found': ['variantId'],
  'cart.line_limit': ['limit'],
  'cart.quantity_limit': ['variantId', 'quantity', 'limit'],
  'cart.variant_not_sellable': ['variantId'],
  'catalog.variant_not_found': ['variantId'],
  'checkout.cart_changed': ['version'],
  'replenishment.policy_changed': ['version'],
  'checkout.price_changed': ['total'],
  'checkout.not_sellable': ['lines'],
  'checkout.out_of_stock': ['lines'],
  'checkout.order_open': ['orderId', 'orderToken'],
  'checkout.too_many_open_orders': ['limit'],
  'checkout.held_limit': ['limit', 'lines'],
  'checkout.unit_limit': ['limit', 'units'],
  'checkout.amount_too_small': ['minimum'],
  'checkout.amount_too_large': ['maximum'],
  'order.not_cancellable': ['orderStatus'],
  'order.not_awaiting_payment': ['orderStatus'],
  'order.not_paid': ['orderStatus'],
  'order.line_not_sold': ['variantId'],
  'order.more_than_sold': ['variantId', 'limit'],
  'order.already_shipped': ['variantId', 'quantity'],
  'stock.location_changed': ['version'],
  'stock.variant_retired': ['variantId'],
  'stock.moved': ['variantId', 'onHand'],
  'stock.below_reserved': ['shortages', 'holders'],
  'stock.too_many_units': ['variantId'],
  'transfer.changed': ['version'],
  'transfer.not_free': ['shortages', 'holders'],
  'transfer.line_not_found': ['variantId'],
  'transfer.more_than_sent': ['variantId', 'quantity'],
  'transfer.unanswered': ['variantId', 'quantity'],
  'count.changed': ['version'],
  'count.too_many_lines': ['limit'],
  'count.another_must_approve': ['limit', 'units'],
  'payment.attempt_limit': ['limit'],
  'payment.gateway_unknown': ['gateway'],
  'stock_subscription.too_many': ['limit'],
  'stock_subscription.available': ['variantId', 'available'],
};

/**
 * A problem of a code, with what it carries.
 *
 * @param whole an example of all fields
 */
export function exampleProblem(code: ErrorCode, whole: ProblemView): ProblemView {
  const { status, title } = ERRORS[code];
  const carried = Object.fromEntries((CARRIED[code] ?? []).map((field) => [field, whole[field]]));
  return { type: `/problems/${code}`, title, status, code, requestId: whole.requestId, ...carried };
}

/** What a code means, for a document. */
export function describeProblem(code: ErrorCode): string {
  const carried = CARRIED[code]?.map((field) => `\`${field}\``).join(', ');
  return `\`${code}\`: ${ERRORS[code].title}${carried ? ` It carries ${carried}.` : ''}`;
}
