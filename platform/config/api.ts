import { IsInt, IsOptional, IsString, IsUrl, Max, Min, MinLength } from 'class-validator';

import { publicHttpsOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';

/** The HTTP side of the shop. */
export class ApiConfig {
  @Setting('The address that the API listens on; its metrics have METRICS_HOST.')
  @IsString()
  apiHost = '127.0.0.1';

  @Setting('The port of the API; 0 takes a free one.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  apiPort = 3000;

  @Setting("The address that the API's metrics listen on, which must not be public.")
  @IsString()
  metricsHost = '127.0.0.1';

  @Setting("The port of the API's metrics, which must not be public; 0 takes a free one.")
  @IsInt()
  @Min(0)
  @Max(65_535)
  metricsPort = 9464;

  @Setting(
    'The page of the storefront to which buyers are sent after paying; without it the API shows its own page.',
    {
      kind: 'text',
      unsafeInProduction: publicHttpsOnly,
    },
  )
  @IsOptional()
  @IsUrl(WEB_ADDRESS)
  storefrontResultUrl?: string;

  @Setting(
    'The key of the hashes that stand for client addresses in the rows, at least 32 characters; it must never change, or known clients become strangers.',
    { secret: true },
  )
  @IsString()
  @MinLength(32)
  hashSecret = 'development-only-hash-secret-of-the-shop';

  @Setting('The largest request body in bytes.')
  @IsInt()
  @Min(1_024)
  @Max(10_000_000)
  bodyLimitBytes = 65_536;

  @Setting(
    'How many reads of the catalogue without a search the API runs at once, on connections beside those of DATABASE_POOL_SIZE; more wait for up to 3 s, then get 503.',
  )
  @IsInt()
  @Min(1)
  @Max(100)
  catalogReadsAtOnce = 6;

  @Setting(
    'How many searches the API runs at once, on connections of their own; more wait for up to 3 s, then get 503.',
  )
  @IsInt()
  @Min(1)
  @Max(100)
  searchesAtOnce = 4;

  @Setting('After how many milliseconds Postgres cancels a search, which then gets 503.')
  @IsInt()
  @Min(10)
  @Max(60_000)
  searchTimeoutMs = 250;

  @Setting(
    'How many milliseconds a client may take to send a whole request, or may take nothing of its answer.',
  )
  @IsInt()
  @Min(1_000)
  @Max(300_000)
  requestTimeoutMs = 30_000;

  @Setting('How many connections the API holds open at once; it closes further ones without an answer.')
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsAtOnce = 5_000;
}
