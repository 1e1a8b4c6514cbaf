import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { environmentWith } from '../platform/config/environment';
import { readRunningShop } from './demo/find-shop';

const HOME = resolve(__dirname, '../../.asoud');

/** The headers of staff. */
export interface StaffHeaders {
  readonly Authorization: `Bearer ${string}`;
}

/** Where the API is, and the headers with which staff call it. */
export interface StaffAccess {
  readonly apiUrl: string;
  readonly headers: StaffHeaders;
}

/**
 * The API of `API_URL` with the first `STAFF_TOKEN`, or that of the shop that `npm run dev` runs with its state in this folder.
 * Throws when there is neither.
 */
export function staffAccess(state?: string): StaffAccess {
  const { API_URL: apiUrl, STAFF_TOKEN: tokens } = environmentWith({});
  if (apiUrl) {
    if (!tokens) throw new Error('STAFF_TOKEN is missing: it belongs to API_URL');
    return { apiUrl, headers: headersOf(tokens) };
  }
  const folder = state === undefined ? HOME : resolve(state);
  const shop = readRunningShop(folder);
  if (!shop) {
    throw new Error(
      `No shop runs with its state in ${folder}: start one with npm run dev, or set API_URL and STAFF_TOKEN.`,
    );
  }
  return { apiUrl: shop.apiUrl, headers: staffHeadersIn(folder) };
}

/** The headers with which staff call the shop that `npm run dev` runs with its state in this folder. */
export function staffHeadersIn(folder: string): StaffHeaders {
  const { STAFF_TOKEN: tokens } = environmentWith({});
  if (tokens) return headersOf(tokens);
  const secrets = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')) as { staffToken: string };
  return headersOf(secrets.staffToken);
}

/** @param tokens a list, of which any will do */
function headersOf(tokens: string): StaffHeaders {
  return { Authorization: `Bearer ${tokens.split(/[,\n]/)[0]!.trim()}` };
}
