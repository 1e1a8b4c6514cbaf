import { IsInt, Matches, Max, Min } from 'class-validator';

import { Setting } from './setting';

const ORIGIN = String.raw`https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?`;
const ORIGINS = new RegExp(String.raw`^(\*|none|${ORIGIN}(\s*,\s*${ORIGIN})*)$`);

/** What stands between clients and the shop. API and realtime read it. */
export class EdgeConfig {
  @Setting(
    'The origins whose pages may call the API and open sockets from a browser, like https://shop.example, separated by commas, and keep sessions in cookies; * allows all and gives no cookies, none allows none.',
  )
  @Matches(ORIGINS, { message: '$property must be *, none, or origins like https://shop.example' })
  browserOrigins = '*';

  @Setting(
    'How many of your own proxies stand before API and realtime and add to X-Forwarded-For; 0 ignores that header.',
  )
  @IsInt()
  @Min(0)
  @Max(10)
  trustedProxies = 0;
}
