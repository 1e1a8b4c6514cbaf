import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';

import type { InboundByGateway } from '../activities/payments/inbound';
import type { ApiConfig } from '../platform/config/api';
import type { CheckoutConfig } from '../platform/config/checkout';
import type { PublicAddressConfig } from '../platform/config/public-address';
import type { RateLimitsConfig } from '../platform/config/rate-limits';
import type { KeyedHash } from '../platform/keyed-hash';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import type { RateLimiter } from '../platform/rate-limit';
import type { SignedTokens } from '../platform/signed-token';
import type { CheckoutCalls } from '../temporal/checkout';
import type { HealthCheck } from './health/health-check';
import type { RequestState } from './middleware/guard';

/** Everything the API is made of. A file of routes picks what it needs: that is its list of dependencies. */
export interface Dependencies {
  readonly config: {
    readonly api: ApiConfig;
    readonly publicAddress: PublicAddressConfig;
    readonly rateLimits: RateLimitsConfig;
    readonly checkout: CheckoutConfig;
  };
  readonly database: DataSource;
  readonly redis: Redis;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly rateLimiter: RateLimiter;
  /** Order tokens and result tokens. */
  readonly tokens: SignedTokens;
  /** Names of addresses that may be stored. */
  readonly keyedHash: KeyedHash;
  /** What may be asked of checkout's workflows. */
  readonly checkout: CheckoutCalls;
  /** How each gateway's callback is read. */
  readonly inbound: InboundByGateway;
  /** Besides Postgres and Redis, which are always asked. */
  readonly healthChecks: readonly HealthCheck[];
  /** True from the moment the process was asked to stop. */
  readonly isStopping: () => boolean;
  readonly now: () => Date;
}

/** The same for one request: what is logged on its way carries its id. */
export function forRequest(dependencies: Dependencies, { log }: Pick<RequestState, 'log'>): Dependencies {
  return { ...dependencies, logger: log };
}
