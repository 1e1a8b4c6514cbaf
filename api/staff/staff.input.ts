import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

import { STAFF_ROLES, type StaffRole } from '../../entities/auth/policy';
import { Example } from '../../entities/describe/example';
import { Id, WholeNumber } from '../../entities/input/from-text';

/** Somebody who shall work for the shop. */
export class InviteInput {
  /** An Iranian mobile number in any spelling. */
  @Example('09121234567')
  @IsString()
  @Length(1, 50)
  phone!: string;

  @IsIn(STAFF_ROLES)
  role!: StaffRole;
}

/** Whose account. */
export class StaffParams {
  @Id()
  id!: string;
}

/** Which role of whose account. */
export class StaffRoleParams extends StaffParams {
  @IsIn(STAFF_ROLES)
  role!: StaffRole;
}

/** Which part of the record. */
export class StaffActionsQuery {
  /** `next` of the part before; from the newest on without it. */
  @Example(1)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(999_999_999_999_999)
  before?: number;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
