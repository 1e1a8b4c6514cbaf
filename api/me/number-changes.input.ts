import { IsString, Length, Matches } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Digits, Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';

/** Another number for the account. */
export class RequestNumberChangeInput {
  /** A mobile number in any spelling. */
  @Example('09351234567')
  @IsString()
  @Length(1, 50)
  newPhone!: string;
}

/** The codes that came by SMS. */
export class ConfirmNumberChangeInput {
  /** From the new number. */
  @Example('123456')
  @Digits()
  @Matches(/^\d{6}$/, { message: 'newCode must be six digits' })
  newCode!: string;

  /** From the old number. Left out where that is lost. */
  @Example('654321')
  @MayBeAbsent()
  @Digits()
  @Matches(/^\d{6}$/, { message: 'oldCode must be six digits' })
  oldCode?: string;
}

/** Which change of number. */
export class NumberChangeParams {
  @Id()
  id!: string;
}
