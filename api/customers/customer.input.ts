import { IsString, Length } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';

/** A number that somebody says. It travels in a body, because addresses are logged on their way. */
export class FindCustomerInput {
  /** An Iranian mobile number in any spelling. */
  @Example('09121234567')
  @IsString()
  @Length(1, 50)
  phone!: string;
}

/** Whose account. */
export class CustomerParams {
  @Id()
  id!: string;
}

/** Which change of whose number. */
export class CustomerNumberChangeParams extends CustomerParams {
  @Id()
  changeId!: string;
}
