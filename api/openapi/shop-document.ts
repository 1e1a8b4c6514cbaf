import { ApiConfig } from '../../platform/config/api';
import { CheckoutConfig } from '../../platform/config/checkout';
import { PublicAddressConfig } from '../../platform/config/public-address';
import { RateLimitsConfig } from '../../platform/config/rate-limits';
import { registerRoutes } from '../app';
import type { Dependencies } from '../dependencies';
import { describeApi, type OpenApiDocument } from './document';

/** The document of the shop's routes without anything running: registering a route uses settings only. */
export function describeShop(): OpenApiDocument {
  const config = {
    api: new ApiConfig(),
    publicAddress: new PublicAddressConfig(),
    rateLimits: new RateLimitsConfig(),
    checkout: new CheckoutConfig(),
  };
  return describeApi(registerRoutes({ config } as Dependencies));
}
