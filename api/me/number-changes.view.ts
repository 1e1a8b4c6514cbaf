import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsISO8601, IsUUID, ValidateNested } from 'class-validator';

import type { NumberChangeStatus } from '../../entities/customers/number-change';
import type { NumberChangeState } from '../../entities/customers/read-number-change';
import { Nullable } from '../../entities/describe/nullable';

/** A change of number whose codes were sent. */
export class RequestedNumberChangeView {
  @IsUUID()
  id!: string;

  /** When the codes cannot be used any more. */
  @IsISO8601()
  expiresAt!: string;
}

const STATUSES = [
  'open',
  'proved',
  'approved',
  'changed',
  'cancelled',
  'taken',
] satisfies NumberChangeStatus[];

/** A change of number, without the numbers. */
export class NumberChangeView {
  @IsUUID()
  id!: string;

  /** `proved`: staff must approve. `approved`: it is made at `effectiveAt`. `taken`: another account has the number. */
  @IsIn(STATUSES)
  status!: NumberChangeStatus;

  @IsBoolean()
  isOldLost!: boolean;

  /** When an approved change is made, unless its person cancels. */
  @Nullable()
  @IsISO8601()
  effectiveAt!: string | null;

  @IsISO8601()
  createdAt!: string;
}

/** The latest changes of number of an account, the newest first. */
export class NumberChangesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => NumberChangeView)
  items!: NumberChangeView[];
}

export function presentNumberChange(change: NumberChangeState): NumberChangeView {
  const { id, status, isOldLost, effectiveAt, createdAt } = change;
  return {
    ...{ id, status, isOldLost },
    effectiveAt: effectiveAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
