import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { MOST_TRANSFER_LINES } from '../../entities/transfers/draft-transfer';
import { TRANSFER_STATUSES, type TransferStatus } from '../../entities/transfers/transfer-status';
import { MOST_UNITS, LONGEST_NOTE, NumberedQuery } from './stock.input';

const byVariant = ({ variantId }: { readonly variantId: string }) => variantId;

/** Which transfers. */
export class TransfersQuery extends NumberedQuery {
  @IsOptional()
  @IsIn(TRANSFER_STATUSES)
  status?: TransferStatus;
}

/** Units of a variant. */
export class UnitsInput {
  @Id()
  variantId!: string;

  @Example(3)
  @IsInt()
  @Min(1)
  @Max(MOST_UNITS)
  quantity!: number;
}

/** Goods of a receipt. */
export class ReceiptInput {
  /** A variant appears once. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TRANSFER_LINES)
  @ArrayUnique(byVariant)
  @ValidateNested({ each: true })
  @Type(() => UnitsInput)
  lines!: UnitsInput[];
}

/** What a draft of a transfer says anew. */
export class ChangeTransferInput extends ReceiptInput {
  @Example('برای نوروز')
  @MayBeAbsent()
  @Line(LONGEST_NOTE)
  note?: string;
}

/** Goods that go to another location. */
export class TransferInput extends ChangeTransferInput {
  @Id()
  fromId!: string;

  @Id()
  toId!: string;
}

/** What became of the goods of a line that are in transit. */
export class UnansweredInput {
  @Id()
  variantId!: string;

  /** Units that are back where they came from. */
  @Example(2)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  returned!: number;

  @Example(1)
  @IsInt()
  @Min(0)
  @Max(MOST_UNITS)
  lost!: number;
}

/** What became of goods in transit. Empty for a draft. */
export class CancelTransferInput {
  /** A variant appears once. */
  @IsArray()
  @ArrayMaxSize(MOST_TRANSFER_LINES)
  @ArrayUnique(byVariant)
  @ValidateNested({ each: true })
  @Type(() => UnansweredInput)
  lines!: UnansweredInput[];
}
