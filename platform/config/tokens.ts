import { ArrayMaxSize, ArrayNotEmpty, MinLength } from 'class-validator';

import { Setting } from './setting';

/** A rotation needs two. */
const MOST_SECRETS = 5;

/** The tokens of orders, results and tickets. API and realtime must have the same ones. */
export class TokensConfig {
  @Setting(
    'Secrets of order tokens, result tokens and tickets, at least 32 characters each, separated by commas: the first signs, all verify.',
    { secret: true, variable: 'TOKEN_SECRET' },
  )
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_SECRETS)
  @MinLength(32, { each: true })
  tokenSecrets: readonly string[] = ['development-only-token-secret-of-the-shop'];
}
