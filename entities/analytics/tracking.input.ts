import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../describe/example';
import { Id } from '../input/from-text';
import { MayBeAbsent } from '../input/may-be-absent';

const MOST_EVENTS = 50;
const MOST_RESULTS = 1_000_000;
const MOST_UNITS = 10_000;

/** What browsers tell of. */
export const TRACKED_NAMES = [
  'page_view',
  'product_view',
  'search',
  'add_to_cart',
  'checkout_begun',
] as const;
export type TrackedName = (typeof TRACKED_NAMES)[number];

/** The kinds of pages. Addresses may hold tokens and names, so nobody sends them. */
export const PAGES = [
  ...['home', 'category', 'product', 'search', 'cart', 'checkout', 'payment_result', 'order'],
  ...['account', 'chat', 'support', 'other'],
] as const;
/** Where a visit came from. */
const SOURCES = ['direct', 'search', 'social', 'campaign', 'referral'] as const;
const DEVICES = ['phone', 'tablet', 'desktop'] as const;

/** Something that a visitor did. */
export class TrackedEventInput {
  /** A UUIDv7 that the browser made when it happened. It says when that was, and makes a repeat harmless. */
  @Example('019ac0de-5e1f-7a10-8b4c-0123456789ab')
  @Id()
  @IsUUID('7')
  id!: string;

  @IsIn(TRACKED_NAMES)
  name!: TrackedName;
}

/** A page was shown. */
export class PageViewInput extends TrackedEventInput {
  @IsIn(['page_view'])
  declare name: 'page_view';

  @IsIn(PAGES)
  page!: (typeof PAGES)[number];

  @MayBeAbsent()
  @IsIn(SOURCES)
  source?: (typeof SOURCES)[number];

  @MayBeAbsent()
  @IsIn(DEVICES)
  device?: (typeof DEVICES)[number];
}

/** The page of a product was shown. */
export class ProductViewInput extends TrackedEventInput {
  @IsIn(['product_view'])
  declare name: 'product_view';

  @Id()
  productId!: string;
}

/** A search was answered. What people typed stays with them. */
export class SearchedInput extends TrackedEventInput {
  @IsIn(['search'])
  declare name: 'search';

  @Example(12)
  @IsInt()
  @Min(0)
  @Max(MOST_RESULTS)
  results!: number;
}

/** Something was put into the cart. */
export class AddToCartInput extends TrackedEventInput {
  @IsIn(['add_to_cart'])
  declare name: 'add_to_cart';

  @Id()
  variantId!: string;

  @Example(1)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** The visitor began to order. */
export class CheckoutBegunInput extends TrackedEventInput {
  @IsIn(['checkout_begun'])
  declare name: 'checkout_begun';

  @Example(2)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  units!: number;
}

/** The class of each name: a further event is a line here. */
const INPUT_OF: Readonly<Record<TrackedName, new () => TrackedEventInput>> = {
  page_view: PageViewInput,
  product_view: ProductViewInput,
  search: SearchedInput,
  add_to_cart: AddToCartInput,
  checkout_begun: CheckoutBegunInput,
};

/** What one visitor did, as their browser tells it. */
export class TrackingBatchInput {
  /** A random UUID that the page made for this visit. It is in no cookie, and no row has it. */
  @Id()
  session!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_EVENTS)
  @ValidateNested({ each: true })
  @Type(() => TrackedEventInput, {
    discriminator: {
      property: 'name',
      subTypes: Object.entries(INPUT_OF).map(([name, value]) => ({ name, value })),
    },
    keepDiscriminatorProperty: true,
  })
  events!: TrackedEventInput[];
}

/** What became of a batch. */
export class TrackedView {
  /** How many events the shop has, those of other times and those that it leaves out by design among them. */
  @Example(2)
  @IsInt()
  @Min(0)
  accepted!: number;
}
