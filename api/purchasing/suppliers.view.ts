import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsNumber, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import {
  SUPPLIER_CHANNELS,
  type SupplierChannelKind,
  type SupplierStatus,
} from '../../entities/purchasing/supplier';

/** A variant as a supplier sells it. */
export class SupplierItemView {
  @IsUUID()
  variantId!: string;

  @Example('TSHIRT-BLACK-L')
  @IsString()
  sku!: string;

  /** The supplier's own name for it. */
  @Example('PRS-1044')
  @IsString()
  supplierSku!: string;

  @Example(12)
  @IsInt()
  pack!: number;

  @Example(24)
  @IsInt()
  minimumOrder!: number;

  /** Rials per unit. */
  @Example(1_200_000)
  @Nullable()
  @IsInt()
  unitCost!: number | null;

  /** Whether the variant is ordered here by itself. */
  @Example(true)
  @IsBoolean()
  preferred!: boolean;
}

/** A supplier in a list. */
export class SupplierSummaryView {
  @IsUUID()
  id!: string;

  @Example('پخش کالای پارس')
  @IsString()
  name!: string;

  @IsIn(SUPPLIER_CHANNELS)
  channel!: SupplierChannelKind;

  @IsIn(['active', 'paused'] satisfies SupplierStatus[])
  status!: SupplierStatus;

  /** Also the `ETag` of the supplier. */
  @Example(3)
  @IsInt()
  version!: number;
}

/** A supplier with what it sells. */
export class SupplierView extends SupplierSummaryView {
  @Example('https://supplier.example/orders')
  @Nullable()
  @IsString()
  address!: string | null;

  /** Working days from the order to the delivery. */
  @Example(3)
  @IsInt()
  leadDays!: number;

  @Example(1)
  @IsNumber()
  leadSd!: number;

  /** Minutes after midnight in Tehran. */
  @Example(840)
  @IsInt()
  cutoffMinute!: number;

  /** Saturday is 0. */
  @Example([0, 1, 2, 3, 4])
  @IsArray()
  @IsInt({ each: true })
  weekdays!: number[];

  @Example(1)
  @IsInt()
  reviewDays!: number;

  @Example(5_000_000)
  @Nullable()
  @IsInt()
  minimumValue!: number | null;

  @Example(500_000_000)
  @Nullable()
  @IsInt()
  approvalLimit!: number | null;

  /** Where it sends its replies, if it is told by webhook. */
  @Example('https://shop.example/api/v1/webhooks/suppliers/018f3f52-9d51-7d6a-8b44-0c1f7c3d2a10')
  @Nullable()
  @IsString()
  replyTo!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SupplierItemView)
  items!: SupplierItemView[];
}

/** Every supplier. */
export class SuppliersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SupplierSummaryView)
  items!: SupplierSummaryView[];
}

/** A supplier, and its secret if one was made just now. */
export class SupplierWithSecretView extends SupplierView {
  /** Shown this once. The supplier checks our messages with it and signs its replies. */
  @Example('whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD')
  @Nullable()
  @IsString()
  secret!: string | null;
}
