import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

import { STAFF_ROLES, type StaffRole } from '../../entities/auth/policy';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** Somebody who works for the shop. */
export class StaffMemberView {
  /** Of the account. */
  @IsUUID()
  id!: string;

  /** Without its middle. */
  @Example('+98912•••4567')
  @IsString()
  phone!: string;

  @IsArray()
  @IsIn(STAFF_ROLES, { each: true })
  roles!: StaffRole[];

  /** Whether there is a second factor. Without one the roles do not count yet. */
  @Example(true)
  @IsBoolean()
  isEnrolled!: boolean;

  @Example(false)
  @IsBoolean()
  isBlocked!: boolean;

  /** When the first of the roles was granted. */
  @IsISO8601()
  since!: string;
}

/** Everybody who works for the shop, who was invited first. */
export class StaffView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StaffMemberView)
  items!: StaffMemberView[];
}

/** Something that somebody of the staff has done. */
export class StaffActionView {
  @Example(1)
  @IsInt()
  id!: number;

  /** Who did it. */
  @IsUUID()
  accountId!: string;

  @IsUUID()
  sessionId!: string;

  @Example('role.grant')
  @IsString()
  action!: string;

  /** What it was done to. */
  @Example('account')
  @IsString()
  objectType!: string;

  /** Null where nothing was found. */
  @Nullable()
  @IsUUID()
  objectId!: string | null;

  @Example({ role: 'support' })
  @IsObject()
  details!: Readonly<Record<string, unknown>>;

  /** In the log lines of the same request. */
  @Example('4e1d3f6a-7f9e-4c7b-9a57-2f9e8c1b2a3d')
  @IsString()
  requestId!: string;

  @IsISO8601()
  at!: string;
}

/** A part of the record of what staff have done, the newest first. */
export class StaffActionsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => StaffActionView)
  items!: StaffActionView[];

  /** `before` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}
