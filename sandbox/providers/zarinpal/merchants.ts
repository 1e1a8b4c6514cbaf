/** A terminal as Zarinpal's panel would describe it. */
export interface Merchant {
  readonly id: string;
  readonly terminalId: string;
  /** The registered domain; `null` accepts every callback. */
  readonly domain: string | null;
  /** `exact-host`: sub-domains differ (the live rule since 2025); `parent-domain`: they are accepted. */
  readonly domainRule: 'exact-host' | 'parent-domain';
  /** Addresses registered for reverse; `null` does not check, an empty list means -62. */
  readonly ips: readonly string[] | null;
  /** Answers -10 to every call from an address that is not registered. */
  readonly ipsForEveryCall: boolean;
  readonly currency: 'IRR' | 'IRT';
  /** `basic` is below silver (-16), `blue` meets its limit (-17). */
  readonly level: 'silver' | 'blue' | 'basic';
  /** `inactive` -11, `limited` -13, `suspended` -15, `banned` -19. */
  readonly standing: 'active' | 'inactive' | 'limited' | 'suspended' | 'banned';
  /** The panel's choice for payments that do not say `auto_verify`. */
  readonly autoVerify: boolean;
  readonly feeType: 'Merchant' | 'Payer';
  /** `forbidden` -30, `no-account` -31, `no-shaparak-iban` -38. */
  readonly wages: 'allowed' | 'forbidden' | 'no-account' | 'no-shaparak-iban';
  /** IBANs that the bank calls inactive: -37. */
  readonly inactiveIbans: readonly string[];
}

/** The merchant that the table begins with. */
export const FIRST_MERCHANT_ID = '00000000-0000-4000-8000-000000000001';

/** A merchant without restrictions: what any UUID gets on the sandbox host, and the base of rows in the table. */
export function unrestrictedMerchant(id: string): Merchant {
  return {
    id,
    terminalId: '1',
    domain: null,
    domainRule: 'exact-host',
    ips: null,
    ipsForEveryCall: false,
    currency: 'IRR',
    level: 'silver',
    standing: 'active',
    autoVerify: false,
    feeType: 'Merchant',
    wages: 'allowed',
    inactiveIbans: [],
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
