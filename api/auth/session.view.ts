import { IsInt, IsString, IsUUID, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** The tokens of a device that is signed in. */
export class SessionView {
  @IsUUID()
  sessionId!: string;

  /** Send it as `Authorization: Bearer …`, and keep it in memory only. */
  @Example('the-access-token')
  @IsString()
  accessToken!: string;

  /** After how many seconds the access token is over. Refresh shortly before. */
  @Example(600)
  @IsInt()
  @Min(1)
  expiresIn!: number;

  /** Gives the next access token, once; then its successor does. Null where it is in a cookie. */
  @Nullable()
  @Example('the-refresh-token')
  @IsString()
  refreshToken!: string | null;
}
