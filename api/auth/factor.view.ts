import { IsArray, IsString } from 'class-validator';

import { Example } from '../openapi/example';

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
