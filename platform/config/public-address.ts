import { IsUrl } from 'class-validator';

import { publicHttpsOnly } from './rules';
import { Setting } from './setting';

const WEB_ADDRESS = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** What the world calls this shop: the API and the worker must agree on it, and share nothing else of their settings. */
export class PublicAddressConfig {
  @Setting(
    'Where buyers and gateways reach the API from outside; the address a gateway returns to begins with it.',
    { unsafeInProduction: publicHttpsOnly },
  )
  @IsUrl(WEB_ADDRESS)
  publicUrl = 'http://127.0.0.1:3000';
}
