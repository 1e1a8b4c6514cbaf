import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Flag, Id, WholeNumber } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import {
  PURCHASE_ORDER_TRANSITIONS,
  type PurchaseOrderStatus,
} from '../../entities/purchasing/purchase-order-status';

export const MOST_ORDERED_UNITS = 10_000_000;
const MOST_LINES = 500;

/** Which purchase order. */
export class PurchaseOrderParams {
  @Id()
  id!: string;
}

/** Units of a variant. */
export class OrderedLineInput {
  @Id()
  variantId!: string;

  @Example(24)
  @IsInt()
  @Min(1)
  @Max(MOST_ORDERED_UNITS)
  quantity!: number;
}

/** What to order by hand. */
export class OrderByHandInput {
  @Id()
  supplierId!: string;

  /** Where it is to arrive. */
  @Id()
  locationId!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LINES)
  @ArrayUnique((line: OrderedLineInput | null) => line?.variantId)
  @ValidateNested({ each: true })
  @Type(() => OrderedLineInput)
  lines!: OrderedLineInput[];
}

/** What came of one variant. */
export class ReceivedLineInput {
  @Id()
  variantId!: string;

  /** Units that go into stock, also beyond the order. */
  @Example(20)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MOST_ORDERED_UNITS)
  received = 0;

  /** Units that go back at once, such as damaged ones. */
  @Example(4)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MOST_ORDERED_UNITS)
  refused = 0;
}

/** A delivery as it was counted. */
export class ReceiptInput {
  /** Made by whoever counts: a repetition books nothing again. */
  @Id()
  receiptId!: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_LINES)
  @ArrayUnique((line: ReceivedLineInput | null) => line?.variantId)
  @ValidateNested({ each: true })
  @Type(() => ReceivedLineInput)
  lines!: ReceivedLineInput[];

  @Example('two boxes were wet')
  @MayBeAbsent()
  @IsString()
  @MaxLength(300)
  note?: string;
}

/** Which purchase orders, and from where on. */
export class PurchaseOrdersQuery {
  @MayBeAbsent()
  @Id()
  supplierId?: string;

  @MayBeAbsent()
  @IsIn(Object.keys(PURCHASE_ORDER_TRANSITIONS))
  status?: PurchaseOrderStatus;

  /** Only those that need somebody, or only the others. */
  @Example(true)
  @MayBeAbsent()
  @Flag()
  @IsBoolean()
  attention?: boolean;

  /** Only orders with a lower number: `next` of the page before. */
  @Example(1_044)
  @MayBeAbsent()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;

  @Example(20)
  @MayBeAbsent()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 20;
}
