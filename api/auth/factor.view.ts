import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { JoinedCartView } from '../carts/joined-cart.view';
import { SessionView } from './session.view';

/** Somebody of the staff who has just signed in. */
export class SignedInStaffView {
  @ValidateNested()
  @Type(() => SessionView)
  session!: SessionView;

  /** Null where no cart was brought along. */
  @Nullable()
  @ValidateNested()
  @Type(() => JoinedCartView)
  cart!: JoinedCartView | null;
}

/** A new authenticator. Nobody sees this a second time. */
export class EnrolledFactorView {
  /** Show it as a QR code. */
  @Example('otpauth://totp/shop.example:staff?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=shop.example')
  @IsString()
  uri!: string;

  /** The same secret, for typing. */
  @Example('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  @IsString()
  secret!: string;

  /** Each takes the place of the authenticator once. Print them. */
  @Example(['0123-4567-89ab-cdef-0123-4567-89ab-cdef'])
  @IsArray()
  @IsString({ each: true })
  recoveryCodes!: string[];
}
