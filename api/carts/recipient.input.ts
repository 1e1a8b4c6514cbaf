import { Type } from 'class-transformer';
import { IsOptional, IsUUID, ValidateNested } from 'class-validator';

import { RecipientInput } from '../me/recipient.input';

/** Who gets the goods: one of the two. */
export class PutRecipientInput {
  @IsOptional()
  @ValidateNested()
  @Type(() => RecipientInput)
  recipient?: RecipientInput;

  /** A saved address of the caller, who has signed in. */
  @IsOptional()
  @IsUUID()
  addressId?: string;
}
