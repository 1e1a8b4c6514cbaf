import { Type } from 'class-transformer';
import { IsArray, IsIn, IsISO8601, IsString, IsUUID, ValidateNested } from 'class-validator';

import type { AccountStatus } from '../../entities/auth/account';
import { Example } from '../../entities/describe/example';

/** An account as staff see it. */
export class CustomerView {
  @IsUUID()
  id!: string;

  /** Without its middle. */
  @Example('+98912•••4567')
  @IsString()
  phone!: string;

  @IsIn(['active', 'blocked', 'erased'] satisfies AccountStatus[])
  status!: AccountStatus;

  @IsISO8601()
  createdAt!: string;
}

/** The account with the number, or none. */
export class FoundCustomersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CustomerView)
  items!: CustomerView[];
}
