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

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import type { PublicKey } from '../../platform/signing-keys';
import { JoinedCartView } from '../carts/joined-cart.view';
import { SessionView } from './session.view';

/** A code that was sent. */
export class VerificationView {
  @IsUUID()
  id!: string;

  @IsISO8601()
  expiresAt!: string;

  /** After how many seconds it may be sent again; null when it may not. */
  @Nullable()
  @Example(60)
  @IsInt()
  @Min(0)
  resendAfterSeconds!: number | null;
}

/** A device that has just signed in. */
export class SignedInView {
  @ValidateNested()
  @Type(() => SessionView)
  session!: SessionView;

  /** Keep it, also after signing out, and send it as X-Device-Token with the next sign-in. It opens nothing. */
  @Example('the-token-of-the-device')
  @IsString()
  deviceToken!: string;

  /** Null where no cart was brought along. */
  @Nullable()
  @ValidateNested()
  @Type(() => JoinedCartView)
  cart!: JoinedCartView | null;
}

/** What stands between the code and the second factor. */
export class SecondFactorView {
  @Example('the-token-for-the-second-factor')
  @IsString()
  token!: string;

  @IsISO8601()
  expiresAt!: string;
}

/** The code was right, but this account needs a second factor. Nobody is signed in yet. */
export class SecondFactorNeededView {
  @ValidateNested()
  @Type(() => SecondFactorView)
  secondFactor!: SecondFactorView;

  @Example('the-token-of-the-device')
  @IsString()
  deviceToken!: string;
}

/** A device on which the caller is signed in. */
export class DeviceView {
  @IsUUID()
  id!: string;

  @Example('Firefox on Linux')
  @IsString()
  label!: string;

  @IsISO8601()
  signedInAt!: string;

  /** When it last refreshed. */
  @IsISO8601()
  lastSeenAt!: string;

  /** Whether it is the one that asks. */
  @Example(true)
  @IsBoolean()
  isCurrent!: boolean;
}

/** All devices of the caller, the one that was seen last first. */
export class DevicesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeviceView)
  items!: DeviceView[];
}

/** Devices that were signed out. */
export class EndedDevicesView {
  @Example(2)
  @IsInt()
  @Min(0)
  ended!: number;
}

/** Until then the caller may do what needs a fresh proof. */
export class ProofView {
  @IsISO8601()
  provedAt!: string;

  @IsISO8601()
  freshUntil!: string;
}

/** A public key (RFC 7517). */
export class PublicKeyView implements PublicKey {
  @IsIn(['EC'])
  kty!: 'EC';

  @IsIn(['P-256'])
  crv!: 'P-256';

  @Example('f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU')
  @IsString()
  x!: string;

  @Example('x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0')
  @IsString()
  y!: string;

  /** The thumbprint of the key (RFC 7638). */
  @Example('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  @IsString()
  kid!: string;

  @IsIn(['ES256'])
  alg!: 'ES256';

  @IsIn(['sig'])
  use!: 'sig';
}

/** The keys that access tokens are signed with. */
export class PublicKeysView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PublicKeyView)
  keys!: PublicKeyView[];
}
