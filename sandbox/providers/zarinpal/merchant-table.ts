import { FIRST_MERCHANT_ID, unrestrictedMerchant, type Merchant } from './merchants';

/** The merchants that Zarinpal knows. */
export interface MerchantTable {
  /** The row, or, where any merchant id is accepted, one without restrictions. */
  find(id: string, acceptsAnyId: boolean): Merchant | undefined;
  /** Adds or changes a row. */
  put(id: string, change: Partial<Merchant>): Merchant;
  all(): Merchant[];
  /** Back to the one merchant of the beginning. */
  reset(): void;
}

/** The table with the rows that a restart left. */
export function createMerchantTable(
  remembered: Iterable<Merchant>,
  onChange: (id: string, merchant: Merchant | null) => void,
): MerchantTable {
  const first = unrestrictedMerchant(FIRST_MERCHANT_ID);
  const rows = new Map<string, Merchant>([[first.id, first]]);
  for (const merchant of remembered) rows.set(merchant.id, merchant);
  return {
    find: (id, acceptsAnyId) => rows.get(id) ?? (acceptsAnyId ? unrestrictedMerchant(id) : undefined),
    put(id, change) {
      const row = { ...(rows.get(id) ?? unrestrictedMerchant(id)), ...change, id };
      rows.set(id, row);
      onChange(id, row);
      return row;
    },
    all: () => [...rows.values()],
    reset() {
      for (const id of rows.keys()) onChange(id, null);
      rows.clear();
      rows.set(first.id, first);
    },
  };
}
