import { isRecord, readInteger } from '../../provider-json';
import type { UnsettledOutcome, UnsettledPayment } from '../unsettled-payments';
import { isAuthority } from './authority';
import type { Reply } from './client';
import { incomplete, isJudged, noAnswer, succeeded, unclear } from './decide';

/** Zarinpal lists only the last 100 rows. From this many on, a sweep may already be too late for some. */
const NEAR_LIMIT = 80;

/** The outcome of `unVerified`. https://next.zarinpal.com/paymentGateway/other/ */
export function decideUnsettled(reply: Reply): UnsettledOutcome {
  if (!isJudged(reply)) return unclear(reply);
  if (!succeeded(reply)) return noAnswer(reply);
  const { authorities } = reply.data;
  if (!Array.isArray(authorities)) return incomplete(reply, 'authorities');
  const payments = authorities.map(readRow).filter((row) => row !== undefined);
  return {
    kind: 'listed',
    payments,
    unreadable: authorities.length - payments.length,
    nearLimit: authorities.length >= NEAR_LIMIT,
  };
}

function readRow(row: unknown): UnsettledPayment | undefined {
  if (!isRecord(row)) return undefined;
  const { authority, callback_url: callbackUrl, date } = row;
  const amount = readInteger(row['amount']);
  if (!isAuthority(authority) || amount === undefined || amount < 0) return undefined;
  return {
    authority,
    amount,
    ...(typeof callbackUrl === 'string' ? { callbackUrl } : {}),
    ...(typeof date === 'string' ? { date } : {}),
  };
}
