import { IsIn, IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';

import type { TypedFactor } from '../../entities/auth/check-factor';
import { CART_MODES, type CartMode } from '../../entities/carts/join-cart';
import { Example } from '../../entities/describe/example';
import { Digits } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { DELIVERIES, type Delivery } from './deliver-session';

/** Ours have about 200 characters. */
const LONGEST_TOKEN = 1_024;

/** What the authenticator shows now, or one of the recovery codes. */
export class ProveFactorInput {
  /** What the authenticator shows now. */
  @Example('123456')
  @Digits()
  @ValidateIf((input: ProveFactorInput) => input.code !== undefined || input.recoveryCode === undefined)
  @Matches(/^\d{6}$/, { message: 'code must be six digits' })
  code?: string;

  /** One of those that came with the second factor, for want of a code. Each is good once. Beside a code it is not read. */
  @Example('0123-4567-89ab-cdef-0123-4567-89ab-cdef')
  @ValidateIf((input: ProveFactorInput) => input.recoveryCode !== undefined)
  @Matches(/^([0-9a-fA-F]{4}[- ]?){8}$/, { message: 'recoveryCode must be 32 hex digits' })
  recoveryCode?: string;
}

/** The first code of the authenticator that takes the place of the working one. */
export class ChangeFactorInput {
  /** What the new authenticator shows now. */
  @Example('123456')
  @Digits()
  @Matches(/^\d{6}$/, { message: 'code must be six digits' })
  code!: string;
}

/** A second factor, after the code. */
export class SecondFactorInput extends ProveFactorInput {
  /** The one that the code was exchanged for. */
  @Example('the-token-for-the-second-factor')
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_TOKEN)
  token!: string;

  /** Where the refresh token goes: into the answer, or into a cookie that no script can read. */
  @IsIn(DELIVERIES)
  delivery!: Delivery;

  /** What the person calls the device, for the list of devices. */
  @Example('Firefox on Linux')
  @MayBeAbsent()
  @IsString()
  @MaxLength(80)
  deviceLabel = '';

  /** `merge` brings the lines of the saved cart into the cart of X-Cart-Token. `keep`, for a checkout, leaves both as they are. */
  @MayBeAbsent()
  @IsIn(CART_MODES)
  cart: CartMode = 'merge';
}

/** Somebody who has proved a number and has no second factor yet. */
export class EnrolFactorInput {
  /** The one that the code was exchanged for. */
  @Example('the-token-for-the-second-factor')
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_TOKEN)
  token!: string;
}

/** The first code of a new authenticator. */
export class ConfirmFactorInput extends EnrolFactorInput {
  /** What the authenticator shows now. */
  @Example('123456')
  @Digits()
  @Matches(/^\d{6}$/, { message: 'code must be six digits' })
  code!: string;

  /** Where the refresh token goes: into the answer, or into a cookie that no script can read. */
  @IsIn(DELIVERIES)
  delivery!: Delivery;

  /** What the person calls the device, for the list of devices. */
  @Example('Firefox on Linux')
  @MayBeAbsent()
  @IsString()
  @MaxLength(80)
  deviceLabel = '';

  /** `merge` brings the lines of the saved cart into the cart of X-Cart-Token. `keep`, for a checkout, leaves both as they are. */
  @MayBeAbsent()
  @IsIn(CART_MODES)
  cart: CartMode = 'merge';
}

/** What was typed. */
export function typedFactor({ code, recoveryCode }: ProveFactorInput): TypedFactor {
  return code === undefined && recoveryCode !== undefined ? { recoveryCode } : { code: code ?? '' };
}
