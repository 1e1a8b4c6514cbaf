import { Type } from 'class-transformer';
import { IsDefined, ValidateNested } from 'class-validator';

import { RecipientInput } from '../me/recipient.input';

/** Who gets the goods. */
export class PutRecipientInput {
  @IsDefined()
  @ValidateNested()
  @Type(() => RecipientInput)
  recipient!: RecipientInput;
}
