import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { TRANSFER_STATUSES, type TransferStatus } from '../../entities/transfers/transfer-status';

/** Units of a variant in a transfer. What is neither received, returned nor lost is in transit. */
export class TransferLineView {
  @IsUUID()
  variantId!: string;

  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example(5)
  @IsInt()
  sent!: number;

  @Example(2)
  @IsInt()
  received!: number;

  @Example(0)
  @IsInt()
  returned!: number;

  @Example(0)
  @IsInt()
  lost!: number;
}

/** Goods on their way from one location to another. */
export class TransferView {
  @IsUUID()
  id!: string;

  /** Its name for people. */
  @Example(12)
  @IsInt()
  number!: number;

  @IsUUID()
  fromId!: string;

  @IsUUID()
  toId!: string;

  @IsIn(TRANSFER_STATUSES)
  status!: TransferStatus;

  @Nullable()
  @Example(null)
  @IsString()
  note!: string | null;

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @IsISO8601()
  shippedAt!: string | null;

  /** When all that was sent was accounted for. */
  @Nullable()
  @IsISO8601()
  endedAt!: string | null;

  /** The number in the `ETag`, for `If-Match`. */
  @Example(2)
  @IsInt()
  version!: number;

  /** By SKU. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TransferLineView)
  lines!: TransferLineView[];
}

/** A part of the transfers, the newest first. */
export class TransfersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TransferView)
  items!: TransferView[];

  /** `before` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}
