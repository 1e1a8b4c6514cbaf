import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsInt,
  IsString,
  Max,
  Min,
  MinLength,
  ValidateBy,
} from 'class-validator';

import { LONGEST_LIFE_SECONDS } from '../access-token';
import { readSigningKeys } from '../signing-keys';
import { Setting } from './setting';

/** A rotation needs two. */
const MOST_SECRETS = 5;

/** Who signs in. The API alone signs access tokens. */
export class AuthConfig {
  @Setting(
    'A JWK Set of private ES256 keys for access tokens, as npm --silent run signing-keys prints one: the first signs, all verify.',
    { secret: true, kind: 'text' },
  )
  @IsString()
  @ValidateBy({ name: 'isSigningKeys', validator: { validate: isReadable, defaultMessage: reasonAgainst } })
  signingKeys!: string;

  @Setting('How many seconds an access token is good; its session is asked for every 2 s all the same.')
  @IsInt()
  @Min(30)
  @Max(LONGEST_LIFE_SECONDS)
  accessTokenSeconds = LONGEST_LIFE_SECONDS;

  @Setting(
    'Secrets of refresh tokens, at least 32 characters each, separated by commas: the first signs, all verify.',
    { secret: true, variable: 'REFRESH_SECRET' },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  refreshSecrets: readonly string[] = ['development-only-refresh-secret-of-the-shop'];

  @Setting(
    'From how many codes of an hour on an address has to solve a challenge for each further one; 0 asks for none.',
  )
  @IsInt()
  @Min(0)
  @Max(100_000_000)
  workFromPerHour = 0;
}

/** The second factors of staff. */
export class FactorConfig {
  @Setting(
    "Keys that seal the secrets of staff's authenticators in the rows, at least 32 characters each, separated by commas: the first seals, all open.",
    { secret: true },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  factorKeys: readonly string[] = ['development-only-factor-key-of-the-shop'];
}

function isReadable(value: unknown): boolean {
  return problemOf(value) === undefined;
}

function reasonAgainst(given?: { readonly value: unknown }): string {
  return `$property cannot be used: ${problemOf(given?.value) ?? ''}`;
}

function problemOf(value: unknown): string | undefined {
  try {
    readSigningKeys(String(value));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
