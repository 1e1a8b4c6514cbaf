import { IsUrl } from 'class-validator';

import { publicHttpsOnly, WEB_ADDRESS } from './rules';
import { Setting } from './setting';

/** The public address of the shop. API and worker must have the same one. */
export class PublicAddressConfig {
  @Setting('Where buyers and gateways reach the API from outside; callback addresses begin with it.', {
    unsafeInProduction: publicHttpsOnly,
  })
  @IsUrl(WEB_ADDRESS)
  publicUrl = 'http://127.0.0.1:3000';
}
