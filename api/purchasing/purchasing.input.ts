import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import {
  PURCHASE_ORDER_TRANSITIONS,
  type PurchaseOrderStatus,
} from '../../entities/purchasing/purchase-order-status';
import { SUPPLIER_CHANNELS, type SupplierChannelKind } from '../../entities/purchasing/supplier';
import { Flag, Id, WholeNumber } from '../from-text';
import { MayBeAbsent } from '../may-be-absent';
import { Example } from '../openapi/example';
import { Nullable } from '../openapi/nullable';

const MOST_RIALS = 1_000_000_000_000;
const MOST_UNITS = 10_000_000;
const MOST_LINES = 500;
const PLAIN_LINE = /^[^\p{Cc}\u2028\u2029]+$/u;

const MayBeNull = () => ValidateIf((_input, value) => value !== null);

/** Which supplier. */
export class SupplierParams {
  @Id()
  id!: string;
}

/** Which goods of which supplier. */
export class SupplierItemParams extends SupplierParams {
  @Id()
  variantId!: string;
}

/** Which purchase order. */
export class PurchaseOrderParams {
  @Id()
  id!: string;
}

/** How a supplier takes orders and delivers. */
export class SupplierInput {
  @Example('پخش کالای پارس')
  @IsString()
  @Length(1, 200)
  @Matches(PLAIN_LINE)
  name!: string;

  /** A URL for a webhook, an e-mail address for e-mail, null for a person. */
  @Example('https://supplier.example/orders')
  @Nullable()
  @MayBeNull()
  @IsString()
  @Length(3, 500)
  @Matches(/^[\x21-\x7e]+$/)
  address!: string | null;

  /** Working days from the order to the delivery. */
  @Example(3)
  @IsInt()
  @Min(1)
  @Max(365)
  leadDays!: number;

  /** Standard deviation of it, in working days. */
  @Example(1)
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(365)
  leadSd = 0;

  /** Minutes after midnight in Tehran by which an order must be there to be taken the same day. */
  @Example(840)
  @IsInt()
  @Min(0)
  @Max(1_439)
  cutoffMinute!: number;

  /** Weekdays from Saturday (0) to Thursday (5) on which orders are taken. */
  @Example([0, 1, 2, 3, 4])
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(6)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(5, { each: true })
  weekdays!: number[];

  /** Days between two looks at the stock of its goods. */
  @Example(1)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(365)
  reviewDays = 1;

  /** Rials below which it takes no order. */
  @Example(5_000_000)
  @Nullable()
  @MayBeNull()
  @IsInt()
  @Min(1)
  @Max(MOST_RIALS)
  minimumValue: number | null = null;

  /** Rials above which another person must approve an order. */
  @Example(500_000_000)
  @Nullable()
  @MayBeNull()
  @IsInt()
  @Min(0)
  @Max(MOST_RIALS)
  approvalLimit: number | null = null;
}

/** A new supplier. */
export class CreateSupplierInput extends SupplierInput {
  /** `manual`: a person tells it. */
  @Example('webhook')
  @IsIn(SUPPLIER_CHANNELS)
  channel!: SupplierChannelKind;
}

/** A variant as a supplier sells it. */
export class SupplierItemInput {
  /** The supplier's own name for it. */
  @Example('PRS-1044')
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_LINE)
  supplierSku!: string;

  /** Only whole packs are ordered. */
  @Example(12)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(100_000)
  pack = 1;

  @Example(24)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  minimumOrder = 1;

  /** Rials per unit. */
  @Example(1_200_000)
  @Nullable()
  @MayBeNull()
  @IsInt()
  @Min(0)
  @Max(MOST_RIALS)
  unitCost: number | null = null;

  /** Whether the variant is ordered here by itself. It takes the preference from another supplier. */
  @Example(true)
  @MayBeAbsent()
  @IsBoolean()
  preferred = false;
}

/** Units of a variant. */
export class OrderedLineInput {
  @Id()
  variantId!: string;

  @Example(24)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
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
  @Max(MOST_UNITS)
  received = 0;

  /** Units that go back at once, such as damaged ones. */
  @Example(4)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
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

/** The supplier that replies. */
export class SupplierReplyParams {
  @IsUUID()
  id!: string;
}
