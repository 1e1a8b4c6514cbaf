import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';

import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { RecipientInput } from '../me/recipient.input';

/** Who gets the goods: one of the two. */
export class PutRecipientInput {
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => RecipientInput)
  recipient?: RecipientInput;

  /** A saved address of the caller, who has signed in. */
  @MayBeAbsent()
  @Id()
  addressId?: string;
}
