import { IsIn, IsString, Matches, MaxLength, MinLength } from 'class-validator';

import type { VerificationLanguage } from '../../entities/auth/verification';
import { CART_MODES, type CartMode } from '../../entities/carts/join-cart';
import { Example } from '../../entities/describe/example';
import { Digits, Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { DELIVERIES, type Delivery } from './deliver-session';

/** Longer than any spelling of a number. */
const LONGEST_SPELLING = 50;
/** Ours have about 150 characters. */
const LONGEST_TOKEN = 1_024;

/** A number that wants a code for signing in. */
export class RequestCodeInput {
  /** An Iranian mobile number in any spelling. */
  @Example('09121234567')
  @IsString()
  @MaxLength(LONGEST_SPELLING)
  phone!: string;

  /** Of the message. */
  @MayBeAbsent()
  @IsIn(['fa', 'en'] satisfies VerificationLanguage[])
  language: VerificationLanguage = 'fa';
}

/** Which code. */
export class VerificationParams {
  @Id()
  id!: string;
}

/** Sending a code again takes no parameters. */
export class SendAgainInput {}

/** A code that somebody has typed, to sign in. */
export class SignInInput {
  @Id()
  verificationId!: string;

  /** The number that the code went to, in any spelling. */
  @Example('09121234567')
  @IsString()
  @MaxLength(LONGEST_SPELLING)
  phone!: string;

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

/** A refresh token, unless the cookie has it. */
export class RefreshInput {
  @Example('the-refresh-token')
  @MayBeAbsent()
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_TOKEN)
  refreshToken?: string;
}

/** The language of a code to the caller's own number. */
export class RequestProofInput {
  @IsIn(['fa', 'en'] satisfies VerificationLanguage[])
  language!: VerificationLanguage;
}

/** A code that the caller has typed, to prove to be still there. */
export class ProofInput {
  @Id()
  verificationId!: string;

  @Example('123456')
  @Digits()
  @Matches(/^\d{6}$/, { message: 'code must be six digits' })
  code!: string;
}

/** Which device. */
export class SessionParams {
  @Id()
  id!: string;
}
