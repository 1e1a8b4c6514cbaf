import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id, Flag, WholeNumber } from '../../entities/input/from-text';
import { invalidRequest } from '../../entities/problem';
import type { Policy } from '../../entities/replenishment/policy';

const UNITS_AT_MOST = 1_000_000;
const DAYS_AT_MOST = 365;
const RIALS_AT_MOST = 1_000_000_000_000_000;
const POLICY_KINDS = ['min_max', 's_S', 'days_of_cover', 'forecast'] as const;

const MAX = { in: 'body', field: 'policy.max' } as const;

const when = (...kinds: readonly string[]) => ValidateIf(({ kind }: PolicyInput) => kinds.includes(kind));

/** How a variant is reordered. Each kind needs its own fields. */
export class PolicyInput {
  @Example('forecast')
  @IsIn(POLICY_KINDS)
  kind!: (typeof POLICY_KINDS)[number];

  /** Units at which it is ordered. `min_max`. */
  @when('min_max')
  @IsInt()
  @Min(0)
  @Max(UNITS_AT_MOST)
  min?: number;

  /** Units up to which it is ordered. `min_max`. */
  @when('min_max')
  @IsInt()
  @Min(1)
  @Max(UNITS_AT_MOST)
  max?: number;

  /** Units at which it is ordered. `s_S`. */
  @when('s_S')
  @IsInt()
  @Min(0)
  @Max(UNITS_AT_MOST)
  reorderPoint?: number;

  /** Days of expected demand that are kept as safety. `days_of_cover`. */
  @when('days_of_cover')
  @IsInt()
  @Min(0)
  @Max(DAYS_AT_MOST)
  safetyDays?: number;

  /** Days of expected demand that an order lasts. `s_S`, `days_of_cover`, `forecast`. */
  @Example(21)
  @when('s_S', 'days_of_cover', 'forecast')
  @IsInt()
  @Min(1)
  @Max(DAYS_AT_MOST)
  coverDays?: number;

  /** `cycle`: the share of order cycles without a stock-out. `fill`: the share of units that are served from stock. `forecast`. */
  @Example('cycle')
  @when('forecast')
  @IsIn(['cycle', 'fill'])
  service?: 'cycle' | 'fill';

  /** That share. `forecast`. */
  @Example(0.95)
  @when('forecast')
  @IsNumber()
  @Min(0.5)
  @Max(0.9999)
  level?: number;
}

/**
 * The policy that a valid input describes.
 *
 * @throws AppError `request.invalid` when the upper end of a band is below the lower one
 */
export function policyOf(input: PolicyInput): Policy {
  const { kind } = input;
  const coverDays = input.coverDays!;
  if (kind === 'min_max') {
    const [min, max] = [input.min!, input.max!];
    if (max < min) throw invalidRequest([{ ...MAX, rule: 'min', detail: 'must not be below min' }]);
    return { kind, min, max };
  }
  if (kind === 's_S') return { kind, reorderPoint: input.reorderPoint!, coverDays };
  if (kind === 'days_of_cover') return { kind, safetyDays: input.safetyDays!, coverDays };
  return { kind, service: { kind: input.service!, level: input.level! }, coverDays };
}

/** A change of a policy. */
export class ChangePolicyInput {
  @IsDefined()
  @ValidateNested()
  @Type(() => PolicyInput)
  policy!: PolicyInput;

  /** Rials: a person approves orders above it. Null: no limit. */
  @Example(500_000_000)
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(RIALS_AT_MOST)
  valueLimit?: number | null;

  /** Nothing is ordered while it is. */
  @Example(false)
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}

/** A policy to begin. */
export class BeginPolicyInput extends ChangePolicyInput {
  @Id()
  variantId!: string;

  /** Left out: all locations that sell, together. */
  @IsOptional()
  @Id()
  locationId?: string | null;
}

/** Which policy. */
export class PolicyParams {
  @Id()
  id!: string;
}

/** Which policies. */
export class PoliciesQuery {
  @IsOptional()
  @Id()
  variantId?: string;

  /** Only those whose need cannot be met. */
  @Example(false)
  @IsOptional()
  @Flag()
  @IsBoolean()
  stuck = false;

  /** `next` of the page before. */
  @IsOptional()
  @Id()
  after?: string;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
