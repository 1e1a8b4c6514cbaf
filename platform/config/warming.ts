import { ArrayMaxSize, ArrayNotEmpty, IsInt, IsOptional, IsUrl, Max, Min, MinLength } from 'class-validator';

import { WEB_ADDRESS } from './rules';
import { Setting } from './setting';

/** A rotation needs two. */
const MOST_SECRETS = 5;

/** How the API knows the requests with which the worker warms its cache. */
export class WarmingSecretsConfig {
  @Setting(
    "Secrets of the requests that warm the API's cache, at least 32 characters each, separated by commas: the first signs, all verify.",
    { secret: true },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  warmingSecrets: readonly string[] = ['development-only-warming-secret-of-the-shop'];
}

/** What a run of the cache's warming may take. */
export class WarmingConfig {
  @Setting('Where the worker reaches the API to warm its cache; without it PUBLIC_URL.', {
    kind: 'text',
    example: 'http://api:3000',
  })
  @IsOptional()
  @IsUrl(WEB_ADDRESS)
  warmingUrl?: string;

  @Setting('How many addresses a run warms at most.')
  @IsInt()
  @Min(1)
  @Max(2_000)
  warmingAddresses = 500;

  @Setting('How many seconds a run may take.')
  @IsInt()
  @Min(1)
  @Max(240)
  warmingSeconds = 60;

  @Setting('How many requests of a run are under way at once.')
  @IsInt()
  @Min(1)
  @Max(16)
  warmingAtOnce = 2;
}
