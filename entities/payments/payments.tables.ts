import { PaymentAttempt } from './attempt';
import { LedgerEntry } from './ledger-entry';
import { PaymentCallback } from './payment-callback';

/** The tables of the payments. */
export const PAYMENT_TABLES = [PaymentAttempt, PaymentCallback, LedgerEntry];
