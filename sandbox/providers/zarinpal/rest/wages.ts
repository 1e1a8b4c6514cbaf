import type { Merchant } from '../merchants';
import { Refusal } from '../refusal';
import { readWholeNumber } from './rest-call';

const MOST_SHARES = 5;
const LEAST_SHARE_RIAL = 10_000;
const LARGEST_PART = 0.99;
const DESCRIPTION_LIMIT = 255;

/**
 * Checks shares of other accounts, always in rials, and returns them; null when there are none. Throws -30 to -38.
 * https://www.zarinpal.com/docs/paymentGateway/moreFeatures/setshare.html ; that at most five shares and 99 % may go
 * to others is third-party knowledge.
 */
export function checkWages(wages: unknown, amountRial: number, merchant: Merchant): unknown {
  if (wages === undefined || wages === null || (Array.isArray(wages) && wages.length === 0)) return null;
  if (merchant.wages === 'forbidden') throw new Refusal(-30);
  if (merchant.wages === 'no-account') throw new Refusal(-31);
  if (merchant.wages === 'no-shaparak-iban') throw new Refusal(-38);
  if (!Array.isArray(wages)) throw new Refusal(-33);
  if (wages.length > MOST_SHARES) throw new Refusal(-35);

  let total = 0;
  for (const wage of wages as unknown[]) {
    const { iban, amount, description } = (wage ?? {}) as Record<string, unknown>;
    const share = readWholeNumber(amount);
    if (typeof iban !== 'string' || !/^IR[0-9]{24}$/.test(iban) || share === undefined)
      throw new Refusal(-33);
    if (typeof description === 'string' && description.length > DESCRIPTION_LIMIT) throw new Refusal(-33);
    if (share < LEAST_SHARE_RIAL) throw new Refusal(-36);
    if (merchant.inactiveIbans.includes(iban)) throw new Refusal(-37);
    total += share;
  }
  if (total > amountRial * LARGEST_PART) throw new Refusal(-32);
  return wages;
}
