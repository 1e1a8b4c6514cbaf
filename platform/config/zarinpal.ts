import { IsInt, IsUrl, IsUUID, Max, Min } from 'class-validator';

import { realProviderOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';

/** The payment gateway Zarinpal. Only the worker calls it. */
export class ZarinpalConfig {
  @Setting('The merchant id, a UUID, that Zarinpal gave to the shop.', { secret: true })
  @IsUUID('all')
  zarinpalMerchantId = '00000000-0000-4000-8000-000000000000';

  @Setting('The address of the REST API of Zarinpal, in development the sandbox; /pg/v4/payment/ is added.', {
    unsafeInProduction: realProviderOnly,
  })
  @IsUrl(WEB_ADDRESS)
  zarinpalBaseUrl = 'http://127.0.0.1:4010';

  @Setting("The address of Zarinpal's pay page for buyers; the authority is added.", {
    unsafeInProduction: realProviderOnly,
  })
  @IsUrl(WEB_ADDRESS)
  zarinpalPayPageUrl = 'http://127.0.0.1:4010/pg/StartPay/';

  // A step that calls a gateway is given 15 seconds by its workflow: the call must have ended by then.
  @Setting('How many milliseconds an answer of Zarinpal may take before it counts as unknown.')
  @IsInt()
  @Min(100)
  @Max(12_000)
  zarinpalTimeoutMs = 10_000;
}
