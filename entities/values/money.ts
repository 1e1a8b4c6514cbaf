/** The ISO 4217 codes of the shop. IRR has no minor unit: 1 rial = 1. Toman exists only at the edge. */
export const CURRENCIES = ['IRR'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** An amount in the currency's minor unit, a safe integer, with its currency beside it. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

/** The currency of prices, carts and orders. This is the only place that says so. */
export const SHOP_CURRENCY: Currency = 'IRR';

/** An amount as money. Throws a RangeError for anything but a safe integer of at least 0. */
export function money(amount: number, currency: Currency = SHOP_CURRENCY): Money {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError(`not an amount of money: ${amount}`);
  return { amount, currency };
}

/** The unit price times the quantity; a RangeError when that is no longer a safe integer. */
export function lineTotal(unitPrice: number, quantity: number): number {
  return money(unitPrice * quantity).amount;
}

/** The sum of amounts of one currency; a RangeError when that is no longer a safe integer. */
export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => money(total + amount).amount, 0);
}
