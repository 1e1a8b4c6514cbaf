import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  IsUUID,
  Min,
  ValidateNested,
} from 'class-validator';

import { STAFF_ROLES, type Role } from '../../entities/auth/policy';
import { LANGUAGES, type Language } from '../../entities/customers/profile';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { RecipientView } from './recipient.view';

/** Whether a person wants to hear of offers. */
export class MarketingView {
  @Example(false)
  @IsBoolean()
  accepted!: boolean;

  /** When they last consented or withdrew; null before the first time. */
  @Nullable()
  @IsISO8601()
  since!: string | null;
}

/** A person as they see themselves. */
export class ProfileView {
  @IsUUID()
  id!: string;

  /** E.164. */
  @Example('+989121234567')
  @IsString()
  phone!: string;

  @Example('سارا محمدی')
  @Nullable()
  @IsString()
  name!: string | null;

  @Example('sara@example.ir')
  @Nullable()
  @IsString()
  email!: string | null;

  @IsIn(LANGUAGES)
  language!: Language;

  @ValidateNested()
  @Type(() => MarketingView)
  marketing!: MarketingView;

  /** What counts in this session. Everybody is a customer. */
  @IsArray()
  @IsIn(['customer', ...STAFF_ROLES], { each: true })
  roles!: Role[];

  @IsISO8601()
  createdAt!: string;
}

/** An address that a person keeps. */
export class AddressView {
  @IsUUID()
  id!: string;

  /** Grows with every change of the address. */
  @Example(1)
  @IsInt()
  @Min(1)
  version!: number;

  @Example('خانه')
  @Nullable()
  @IsString()
  label!: string | null;

  @Example(true)
  @IsBoolean()
  isDefault!: boolean;

  @ValidateNested()
  @Type(() => RecipientView)
  recipient!: RecipientView;
}

/** Every address of a person, the oldest first. */
export class AddressesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AddressView)
  items!: AddressView[];
}
