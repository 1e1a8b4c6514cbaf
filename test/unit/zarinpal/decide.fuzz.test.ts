import { describe, expect, it } from 'vitest';

import type { Reply } from '../../../activities/payments/zarinpal/client';
import {
  decideInquiry,
  decideOpen,
  decideReverse,
  decideVerify,
} from '../../../activities/payments/zarinpal/decide';
import { readEnvelope } from '../../../activities/payments/zarinpal/envelope';
import { decideUnsettled } from '../../../activities/payments/zarinpal/unsettled';
import { drawing } from '../../support/random';
import { AUTHORITY } from './bodies';

const ROUNDS = 20_000;

const KEYS = [
  'data',
  'errors',
  'code',
  'message',
  'authority',
  'ref_id',
  'status',
  'authorities',
  'amount',
  'fee',
];
const LEAVES = [
  null,
  true,
  false,
  0,
  1,
  100,
  101,
  -51,
  -54,
  -9,
  -12,
  1.5,
  1e300,
  -0,
  '',
  '100',
  '101',
  ' 100 ',
  '-54',
  'PAID',
  'VERIFIED',
  'x',
  AUTHORITY,
  '__proto__',
  'constructor',
  '12345',
  '9'.repeat(30),
];

/** Random JSON that resembles Zarinpal's bodies in keys and values. */
function buildJson(random: () => number, depth = 0): unknown {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const kind = random();
  if (depth > 0 && (depth > 4 || kind < 0.45)) return pick(LEAVES);
  const size = Math.floor(random() * 5);
  if (depth > 0 && kind < 0.6) return Array.from({ length: size }, () => buildJson(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: size + (depth === 0 ? 1 : 0) }, () => [pick(KEYS), buildJson(random, depth + 1)]),
  );
}

/** A success of every method at once. With single fields left out or spoiled it comes close to real bodies. */
const PLAUSIBLE = {
  code: 100,
  authority: AUTHORITY,
  ref_id: 1234567,
  status: 'PAID',
  authorities: [{ authority: AUTHORITY, amount: 50_000 }],
};

/** Random JSON, or a success with random fields replaced. Some are cut short or have a byte changed. */
function buildBody(random: () => number): string {
  const data = Object.fromEntries(
    Object.entries(PLAUSIBLE).map(([key, value]) => [key, random() < 0.3 ? buildJson(random, 1) : value]),
  );
  const text = JSON.stringify(random() < 0.5 ? buildJson(random) : { data, errors: buildJson(random, 1) });
  const spoiled = random();
  if (spoiled < 0.05) return text.slice(0, Math.floor(random() * text.length));
  if (spoiled < 0.1) return text.replace(/[":,]/, '}');
  return text;
}

function codeInData(body: string): unknown {
  const code = (JSON.parse(body) as { data: { code: unknown } }).data.code;
  return typeof code === 'string' ? Number(code) : code;
}

describe('any JSON that comes back', () => {
  it('never makes the adapter throw, and every success has what makes it one', () => {
    const random = drawing(20_260_101);
    const successes = { opened: 0, captured: 0, status: 0, reversed: 0, listed: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const body = buildBody(random);
      const envelope = readEnvelope(body);
      const reply: Reply =
        envelope === undefined
          ? { kind: 'no_reply', message: 'not JSON' }
          : { kind: 'reply', ...envelope, retryAfterMs: undefined };

      const opened = decideOpen(reply, (authority) => authority);
      if (opened.kind === 'opened') {
        expect(opened.authority, body).toBe(AUTHORITY);
        expect(codeInData(body), body).toBe(100);
        successes.opened += 1;
      }
      const verified = decideVerify(reply);
      if (verified.kind === 'captured') {
        expect(verified.refId, body).toMatch(/^\d*[1-9]\d*$/);
        expect(codeInData(body), body).toBe(verified.first ? 100 : 101);
        successes.captured += 1;
      }
      const inquired = decideInquiry(reply);
      if (inquired.kind === 'status') {
        expect(codeInData(body), body).toBe(100);
        successes.status += 1;
      }
      if (decideReverse(reply).kind === 'reversed') {
        expect(codeInData(body), body).toBe(100);
        successes.reversed += 1;
      }
      const listed = decideUnsettled(reply);
      if (listed.kind === 'listed') {
        expect(codeInData(body), body).toBe(100);
        for (const payment of listed.payments) expect(payment.authority, body).toBe(AUTHORITY);
        successes.listed += 1;
      }
    }
    // Otherwise the loop above would have seen only refusals.
    for (const [name, count] of Object.entries(successes)) expect(count, name).toBeGreaterThan(0);
  });
});
