import type {
  GatewayAnswer,
  GatewayPaymentStatus,
  InquiryOutcome,
  NoAnswer,
  OpenOutcome,
  ReverseOutcome,
  Unknown,
} from '../../../workflows/payments/gateway.steps';
import { readInteger } from '../../provider-json';
import type { VerifyReading } from '../payment-gateway';
import { isAuthority } from './authority';
import type { Reply } from './client';
import { classOf, wordingOf } from './codes';

type Judged = Extract<Reply, { kind: 'reply' }> & { readonly code: number };

/** The outcome of `request`. Only the adapter knows the address of the pay page. */
export function decideOpen(reply: Reply, payPage: (authority: string) => string): OpenOutcome {
  if (!isJudged(reply)) return unclear(reply);
  const { authority } = reply.data;
  if (succeeded(reply)) {
    if (!isAuthority(authority)) return incomplete(reply, 'authority');
    return { kind: 'opened', authority, redirectUrl: payPage(authority), ...readFee(reply) };
  }
  const verdict = classOf(reply.code);
  switch (verdict) {
    case 'final':
    case 'operator':
      return { kind: 'refused', class: verdict, ...answer(reply) };
    case 'wait':
      return { kind: 'refused', class: verdict, ...answer(reply), ...readRetryAfter(reply) };
    default:
      return { kind: 'unknown', ...answer(reply) };
  }
}

/** The outcome of `verify`. A success is 100 the first time and 101 every time after, with the same receipt. */
export function decideVerify(reply: Reply): VerifyReading {
  if (!isJudged(reply)) return unclear(reply);
  if (succeeded(reply, 101)) {
    const refId = readReceipt(reply.data['ref_id']);
    if (refId === undefined) return incomplete(reply, 'ref_id');
    return { kind: 'captured', refId, first: reply.code === 100, ...readCard(reply), ...readFee(reply) };
  }
  if (classOf(reply.code) === 'not_yet') return { kind: 'not_paid', ...answer(reply) };
  return noAnswer(reply);
}

const STATUSES: Readonly<Record<string, GatewayPaymentStatus>> = {
  PAID: 'paid',
  VERIFIED: 'captured',
  IN_BANK: 'pending',
  FAILED: 'failed',
  REVERSED: 'reversed',
};

/** The outcome of `inquiry`. https://www.zarinpal.com/docs/paymentGateway/otherMethods/Inquiry */
export function decideInquiry(reply: Reply): InquiryOutcome {
  if (!isJudged(reply)) return unclear(reply);
  if (succeeded(reply)) {
    const { status } = reply.data;
    const known =
      typeof status === 'string' && Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
    return known === undefined ? incomplete(reply, 'status') : { kind: 'status', status: known };
  }
  if (classOf(reply.code) === 'not_yet') return { kind: 'not_paid', ...answer(reply) };
  return noAnswer(reply);
}

/** The outcome of `reverse`. https://zarinpal.com/docs/paymentGateway/moreFeatures/reverse */
export function decideReverse(reply: Reply): ReverseOutcome {
  if (!isJudged(reply)) return unclear(reply);
  if (succeeded(reply)) return { kind: 'reversed' };
  if (reply.code === -60) return { kind: 'bank_refused', ...answer(reply) };
  if (reply.code === -63) return { kind: 'too_late', ...answer(reply) };
  if (reply.code === -61 || classOf(reply.code) === 'not_yet')
    return { kind: 'not_reversible', ...answer(reply) };
  return noAnswer(reply);
}

/** Whether the reply is a success of its method. Only `verify` has 101. */
export function succeeded(reply: Judged, also?: 101): boolean {
  return reply.codeInData && (reply.code === 100 || reply.code === also);
}

/** Whether the reply carries a code. HTTP 200 with empty data carries none, although some clients take it for paid. */
export function isJudged(reply: Reply): reply is Judged {
  return reply.kind === 'reply' && reply.code !== undefined;
}

export function unclear(reply: Reply): Unknown {
  return { kind: 'unknown', message: reply.kind === 'no_reply' ? reply.message : 'an answer without a code' };
}

/** A success without the field that makes it a success. */
export function incomplete(reply: Judged, field: string): Unknown {
  return { kind: 'unknown', code: String(reply.code), message: `a success without a usable ${field}` };
}

/** The failures that all methods share. A code that makes no sense for the method counts as unknown. */
export function noAnswer(reply: Judged): NoAnswer {
  const verdict = classOf(reply.code);
  switch (verdict) {
    case 'final':
      return { kind: 'rejected', class: verdict, ...answer(reply) };
    case 'operator':
      return { kind: 'operator', ...answer(reply) };
    case 'wait':
      return { kind: 'wait', ...answer(reply), ...readRetryAfter(reply) };
    default:
      return { kind: 'unknown', ...answer(reply) };
  }
}

function answer(reply: Judged): GatewayAnswer {
  return { code: String(reply.code), message: reply.message === '' ? wordingOf(reply.code) : reply.message };
}

function readRetryAfter(reply: Judged): { retryAfterMs?: number } {
  return reply.retryAfterMs === undefined ? {} : { retryAfterMs: reply.retryAfterMs };
}

function readFee(reply: Judged): { fee?: number } {
  const fee = readInteger(reply.data['fee']);
  return fee === undefined || fee < 0 ? {} : { fee };
}

/** A receipt is digits, and not only zeros: former versions of the API gave 0 for "no receipt". */
function readReceipt(value: unknown): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^\d{1,40}$/.test(text) && /[1-9]/.test(text) ? text : undefined;
}

/** A card number that shows more than ten digits is not masked. It must not reach our tables. */
function readCard(reply: Judged): { cardPan?: string; cardHash?: string } {
  const { card_pan: pan, card_hash: hash } = reply.data;
  const masked =
    typeof pan === 'string' && /^[\d*xX -]{8,32}$/.test(pan) && pan.replace(/\D/g, '').length <= 10;
  return {
    ...(masked ? { cardPan: pan } : {}),
    ...(typeof hash === 'string' && /^[0-9a-fA-F]{64}$/.test(hash) ? { cardHash: hash } : {}),
  };
}
