import type { Recipient } from '../../../entities/customers/recipient';

/** Somebody in Tehran. */
export function buildRecipient(overrides: Partial<Recipient> = {}): Recipient {
  return {
    name: 'سارا محمدی',
    phone: '+989121234567',
    province: 'IR-23',
    city: '2301',
    postalCode: '1416932790',
    lines: ['خیابان کارگر شمالی، کوچهٔ دوم'],
    plaque: '۱۲',
    unit: null,
    location: null,
    ...overrides,
  };
}
