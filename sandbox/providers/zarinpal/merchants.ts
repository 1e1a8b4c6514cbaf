import { fallbacksOf, flag, oneOf, orNull, text, texts, type Values } from '../../kit/fields';
import { storedMap, type Store } from '../../kit/store';

/** A terminal as Zarinpal's panel would describe it. The first values make a merchant without restrictions. */
export const MERCHANT = {
  terminalId: text('1'),
  /** The registered domain; `null` accepts every callback. */
  domain: orNull(text()),
  /** `exact-host`: sub-domains differ (the live rule since 2025); `parent-domain`: they are accepted. */
  domainRule: oneOf('exact-host', 'parent-domain'),
  /** Addresses registered for reverse; `null` does not check, an empty list means -62. */
  ips: orNull(texts()),
  /** Answers -10 to every call from an address that is not registered. */
  ipsForEveryCall: flag(),
  currency: oneOf('IRR', 'IRT'),
  /** `basic` is below silver (-16), `blue` meets its limit (-17). */
  level: oneOf('silver', 'blue', 'basic'),
  /** `inactive` -11, `limited` -13, `suspended` -15, `banned` -19. */
  standing: oneOf('active', 'inactive', 'limited', 'suspended', 'banned'),
  /** The panel's choice for payments that do not say `auto_verify`. */
  autoVerify: flag(),
  feeType: oneOf('Merchant', 'Payer'),
  /** `forbidden` -30, `no-account` -31, `no-shaparak-iban` -38. */
  wages: oneOf('allowed', 'forbidden', 'no-account', 'no-shaparak-iban'),
  /** IBANs that the bank calls inactive: -37. */
  inactiveIbans: texts(),
};

export type Merchant = { readonly id: string } & Values<typeof MERCHANT>;

/** The merchant that the table begins with. */
export const FIRST_MERCHANT_ID = '00000000-0000-4000-8000-000000000001';

export const MERCHANT_ID = /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;

/** The merchants that Zarinpal knows. */
export interface MerchantTable {
  /** The row, or, where any merchant id is accepted, one without restrictions. */
  find(id: string, acceptsAnyId: boolean): Merchant | undefined;
  /** Adds or changes a row. */
  put(id: string, change: Partial<Merchant>): Merchant;
  all(): Merchant[];
}

/** The table with the rows that a restart left. */
export function createMerchantTable(store: Store): MerchantTable {
  const rows = storedMap<Merchant>(store, 'merchants');
  return {
    find: (id, acceptsAnyId) =>
      rows.get(id) ?? (acceptsAnyId || id === FIRST_MERCHANT_ID ? unrestricted(id) : undefined),
    put(id, change) {
      const row = { ...(rows.get(id) ?? unrestricted(id)), ...change, id };
      rows.set(id, row);
      return row;
    },
    all() {
      const others = [...rows.values()].filter(({ id }) => id !== FIRST_MERCHANT_ID);
      return [rows.get(FIRST_MERCHANT_ID) ?? unrestricted(FIRST_MERCHANT_ID), ...others];
    },
  };
}

/** Whether a callback URL lies on the merchant's registered domain. */
export function isOnDomain(callbackUrl: string, merchant: Merchant): boolean {
  if (merchant.domain === null) return true;
  if (!URL.canParse(callbackUrl)) return false;
  const host = new URL(callbackUrl).hostname;
  const domain = merchant.domain.toLowerCase();
  return host === domain || (merchant.domainRule === 'parent-domain' && host.endsWith(`.${domain}`));
}

function unrestricted(id: string): Merchant {
  return { id, ...fallbacksOf(MERCHANT) };
}
