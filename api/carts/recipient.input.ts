import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';

import { Id } from '../from-text';
import { MayBeAbsent } from '../may-be-absent';
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
