import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { LANGUAGES, type Language } from '../../entities/customers/profile';
import { NAME_AT_MOST } from '../../entities/customers/recipient';
import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { Line } from '../../entities/input/line';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { RecipientInput } from './recipient.input';

const LABEL_AT_MOST = 40;
const EMAIL_AT_MOST = 254;

/** What is to be different in a profile. Fields that are left out stay as they are, and null removes. */
export class ChangeProfileInput {
  @Example('سارا محمدی')
  @IsOptional()
  @Line(NAME_AT_MOST)
  name?: string | null;

  /** Nobody is identified by it, and it is not verified. */
  @Example('sara@example.ir')
  @IsOptional()
  @IsEmail()
  @MaxLength(EMAIL_AT_MOST)
  email?: string | null;

  /** Of the messages that the shop sends. */
  @MayBeAbsent()
  @IsIn(LANGUAGES)
  language?: Language;

  /** Whether the person wants to hear of offers. */
  @Example(false)
  @MayBeAbsent()
  @IsBoolean()
  marketing?: boolean;
}

/** An address to keep. */
export class AddressInput {
  @Example('خانه')
  @IsOptional()
  @Line(LABEL_AT_MOST)
  label?: string | null;

  /** True makes it the default, in place of another. The first address is the default in any case. */
  @Example(true)
  @MayBeAbsent()
  @IsBoolean()
  isDefault: boolean = false;

  @IsDefined()
  @ValidateNested()
  @Type(() => RecipientInput)
  recipient!: RecipientInput;
}

/** An address in place of the one that the person has seen. */
export class ChangeAddressInput {
  /** The `version` that the address had when it was shown. */
  @Example(1)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version!: number;

  @Example('خانه')
  @IsOptional()
  @Line(LABEL_AT_MOST)
  label?: string | null;

  /** True makes it the default. The default one stays so until another takes its place. */
  @Example(true)
  @MayBeAbsent()
  @IsBoolean()
  isDefault: boolean = false;

  @IsDefined()
  @ValidateNested()
  @Type(() => RecipientInput)
  recipient!: RecipientInput;
}

/** Which address. */
export class AddressParams {
  @Id()
  id!: string;
}
