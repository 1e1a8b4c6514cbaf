import { IsInt, Max, Min } from 'class-validator';

import { Setting } from './setting';

/** How many requests a minute one client address may send to each group of routes. */
export class RateLimitsConfig {
  @Setting('Requests a minute from one address to catalogue, search and the pictures that the shop draws.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  catalogRequestsPerMinute = 1_200;

  @Setting('Requests a minute from one address to carts.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  cartRequestsPerMinute = 300;

  @Setting('Requests a minute from one address that place orders.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  checkoutRequestsPerMinute = 30;

  @Setting('Requests a minute from one address that read, pay again or cancel orders.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  orderRequestsPerMinute = 300;

  @Setting('Requests a minute from one address that sign in, refresh or sign out.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  authRequestsPerMinute = 300;

  @Setting('Requests a minute of one customer to what belongs to them; an address may send 20 times as many.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  customerRequestsPerMinute = 600;

  @Setting('Callbacks a minute from one address that a gateway sends buyers back with.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  paymentCallbacksPerMinute = 120;

  @Setting(
    'Requests a minute from one address that tell of visits; mobile operators put many people behind one.',
  )
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  trackingRequestsPerMinute = 600;

  @Setting('Requests a minute from one address to staff routes, including those with wrong tokens.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  staffRequestsPerMinute = 300;

  @Setting('Requests a minute from one address to the documentation and to what does not exist.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  otherRequestsPerMinute = 600;

  @Setting('Requests a minute with which the worker warms the cache, whatever addresses they come from.')
  @IsInt()
  @Min(1)
  @Max(100_000_000)
  warmingRequestsPerMinute = 3_000;
}
