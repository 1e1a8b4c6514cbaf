import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { GatewayInbound } from '../../activities/payments/gateway-inbound';
import type { OpenPayment, PaymentGateway } from '../../activities/payments/payment-gateway';
import type { UnsettledPayments } from '../../activities/payments/unsettled-payments';
import { money } from '../../entities/values/money';
import { newId } from '../../entities/values/uuid';

export type GatewayCall = 'open' | 'verify' | 'inquire' | 'reverse';

/** How the provider spoils the next call. `after` means that the call takes effect nevertheless. */
export type Spoiling =
  | { readonly kind: 'silence' | 'cut'; readonly when: 'before' | 'after' }
  | { readonly kind: 'html' | 'empty' | 'not_json' | 'unexpected' | 'rate_limit' };

/** A gateway, its provider's sandbox, and controls for the buyer, for faults and for the clock. */
export interface GatewayUnderTest {
  readonly gateway: PaymentGateway;
  /** The same gateway with a short time-out, for calls that get no answer. */
  readonly impatient: PaymentGateway;
  readonly inbound: GatewayInbound;
  /** For gateways that can list what was paid and not captured. */
  readonly unsettled?: UnsettledPayments;
  /** Texts that no outcome may contain. */
  readonly secrets: readonly string[];
  readonly callbackUrl: string;
  /** A well-formed authority that the provider has not given out. */
  readonly unknownAuthority: string;
  /** How long after the payment a reversal is possible. */
  readonly reverseWindowMs: number;
  /** The buyer pays or refuses. Both return the address that the browser is sent back to. */
  pay(authority: string): Promise<string>;
  refuse(authority: string): Promise<string>;
  spoilNext(call: GatewayCall, spoiling: Spoiling): Promise<void>;
  /** How often the provider received this call since the last `recover`. */
  timesAsked(call: GatewayCall): Promise<number>;
  /** Moves the provider's clock. */
  advance(milliseconds: number): Promise<void>;
  /** Removes faults and resets the clock. Runs after every test. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

const UNCLEAR: Spoiling[] = [
  { kind: 'cut', when: 'before' },
  { kind: 'cut', when: 'after' },
  { kind: 'html' },
  { kind: 'empty' },
  { kind: 'not_json' },
  { kind: 'unexpected' },
];
const AMOUNT = money(2_500_000);

/**
 * What every payment gateway must do, tested against its provider's sandbox. Checkout relies on these tests and on nothing
 * else.
 */
export function describePaymentGateway(name: string, setUp: () => Promise<GatewayUnderTest>): void {
  describe(`the payment gateway ${name}`, () => {
    let stage: GatewayUnderTest;
    const outcomes: unknown[] = [];

    beforeAll(async () => {
      stage = await setUp();
    });
    afterEach(async () => {
      const seen = JSON.stringify(outcomes.splice(0)).toLowerCase();
      await stage.recover();
      for (const secret of stage.secrets) expect(seen).not.toContain(secret.toLowerCase());
    });
    afterAll(() => stage.stop());

    /** Records an outcome, so that every test also proves that no secret leaked. */
    async function said<T>(outcome: Promise<T>): Promise<T> {
      const value = await outcome;
      outcomes.push(value);
      return value;
    }

    function buildPayment(changes: Partial<OpenPayment> = {}): OpenPayment {
      return {
        attemptId: newId(),
        orderId: newId(),
        amount: AMOUNT,
        description: 'سفارش ۱۲۳۴',
        callbackUrl: stage.callbackUrl,
        ...changes,
      };
    }

    async function opened(changes: Partial<OpenPayment> = {}) {
      const payment = buildPayment(changes);
      const outcome = await said(stage.gateway.open(payment));
      if (outcome.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(outcome)}`);
      const { authority } = outcome;
      return { ...outcome, attemptId: payment.attemptId, amount: payment.amount, authority };
    }

    async function paid() {
      const payment = await opened();
      await stage.pay(payment.authority);
      return payment;
    }

    async function captured() {
      const payment = await paid();
      const outcome = await said(stage.gateway.verify(payment));
      expect(outcome).toMatchObject({ kind: 'captured', first: true });
      return payment;
    }

    describe('opens a payment', () => {
      it('under an authority of its own, with an address where the buyer pays', async () => {
        const [one, two] = [await opened(), await opened()];
        expect(one.authority).not.toBe(two.authority);
        for (const { authority, redirectUrl } of [one, two]) {
          expect(authority).toMatch(/^[!-~]{1,128}$/);
          if (redirectUrl !== null) expect(new URL(redirectUrl).protocol).toMatch(/^https?:$/);
        }
      });

      it('of the smallest and of the largest amount within its limits', async () => {
        const { minimum, maximum } = stage.gateway.limits;
        for (const amount of [money(minimum), money(maximum)]) {
          expect(await said(stage.gateway.open(buildPayment({ amount })))).toMatchObject({ kind: 'opened' });
        }
      });

      it('but not of a larger amount, which needs an operator', async () => {
        const amount = money(stage.gateway.limits.maximum + 1);
        const outcome = await said(stage.gateway.open(buildPayment({ amount })));
        expect(outcome).toMatchObject({
          kind: 'refused',
          class: 'operator',
          code: expect.stringMatching(/./),
        });
      });

      it('whatever the description says, and however long it is', async () => {
        const description = '"><script>alert(1)</script> 🌿 '.repeat(200);
        expect(await said(stage.gateway.open(buildPayment({ description })))).toMatchObject({
          kind: 'opened',
        });
      });

      it('and reports unknown when no answer comes, without a second call', async () => {
        for (const when of ['before', 'after'] as const) {
          await stage.recover();
          await stage.spoilNext('open', { kind: 'silence', when });
          expect(await said(stage.impatient.open(buildPayment()))).toMatchObject({ kind: 'unknown' });
          expect(await stage.timesAsked('open')).toBe(1);
        }
      });

      it.each(UNCLEAR)('and reports unknown for an answer that is $kind $when', async (spoiling) => {
        await stage.spoilNext('open', spoiling);
        expect(await said(stage.gateway.open(buildPayment()))).toMatchObject({ kind: 'unknown' });
        expect(await stage.timesAsked('open')).toBe(1);
      });

      it('and reports a rate limit', async () => {
        await stage.spoilNext('open', { kind: 'rate_limit' });
        expect(await said(stage.gateway.open(buildPayment()))).toMatchObject({
          kind: 'refused',
          class: 'wait',
        });
      });
    });

    describe('sends the buyer back', () => {
      it('with a claim that they paid', async () => {
        const { authority } = await opened();
        const address = new URL(await stage.pay(authority));
        expect(address.href.startsWith(stage.callbackUrl)).toBe(true);
        expect(stage.inbound.readCallback(Object.fromEntries(address.searchParams), 'GET')).toEqual({
          authority,
          claimed: 'paid',
        });
      });

      it('with a claim that they did not pay', async () => {
        const { authority } = await opened();
        const address = new URL(await stage.refuse(authority));
        expect(stage.inbound.readCallback(Object.fromEntries(address.searchParams), 'GET')).toEqual({
          authority,
          claimed: 'not_paid',
        });
      });

      it('and recognises only its own callbacks', () => {
        expect(stage.inbound.readCallback({}, 'GET')).toBeUndefined();
        expect(stage.inbound.readCallback({ id: 'x', constructor: 'y' }, 'POST', {})).toBeUndefined();
      });
    });

    describe('before the buyer has paid', () => {
      it('is pending, with nothing to capture and nothing to reverse', async () => {
        const payment = await opened();
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'pending' });
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'not_paid' });
        expect(await said(stage.gateway.reverse(payment))).toMatchObject({ kind: 'not_reversible' });
        await stage.pay(payment.authority);
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'captured', first: true });
      });

      it('is not paid when the buyer refused', async () => {
        const payment = await opened();
        await stage.refuse(payment.authority);
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'failed' });
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'not_paid' });
      });
    });

    describe('when the buyer has paid', () => {
      it('captures once, and returns the same receipt every time after', async () => {
        const payment = await paid();
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'paid' });
        const first = await said(stage.gateway.verify(payment));
        const again = await said(stage.gateway.verify(payment));
        expect(first).toMatchObject({
          kind: 'captured',
          first: true,
          refId: expect.stringMatching(/^[!-~]{1,128}$/),
        });
        expect(again).toEqual({ ...first, first: false });
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'captured' });
      });

      it('captures once when it is called in parallel', async () => {
        const payment = await paid();
        const answers = await Promise.all(
          Array.from({ length: 8 }, () => said(stage.gateway.verify(payment))),
        );
        const receipts = answers.map((answer) => (answer.kind === 'captured' ? answer.refId : answer.kind));
        expect(new Set(receipts).size).toBe(1);
        expect(answers.filter((answer) => answer.kind === 'captured' && answer.first)).toHaveLength(1);
      });

      it('gives two payments two receipts', async () => {
        const [one, two] = [await paid(), await paid()];
        const answers = [await said(stage.gateway.verify(one)), await said(stage.gateway.verify(two))];
        expect(new Set(answers.map((answer) => (answer.kind === 'captured' ? answer.refId : ''))).size).toBe(
          2,
        );
      });

      it('shows no more of a card than a mask and a hash', async () => {
        const outcome = await said(stage.gateway.verify(await paid()));
        if (outcome.kind !== 'captured') throw new Error(outcome.kind);
        expect((outcome.cardPan ?? '').replace(/\D/g, '').length).toBeLessThanOrEqual(10);
        expect(JSON.stringify(outcome)).not.toMatch(/(?<![0-9a-f])\d{16}(?![0-9a-f])/i);
      });

      it('rejects another amount for good, and still captures the right one', async () => {
        const payment = await paid();
        for (const amount of [AMOUNT.amount / 10, AMOUNT.amount * 10, AMOUNT.amount + 1]) {
          const wrong = await said(stage.gateway.verify({ ...payment, amount: money(amount) }));
          expect(wrong).toMatchObject({ kind: 'rejected', class: 'final', code: expect.stringMatching(/./) });
        }
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'captured', first: true });
      });

      it.each([
        ['before', true],
        ['after', false],
      ] as const)(
        'finds out what happened when a capture got no answer, lost %s its effect',
        async (when, first) => {
          const payment = await paid();
          await stage.spoilNext('verify', { kind: 'silence', when });
          expect(await said(stage.impatient.verify(payment))).toMatchObject({ kind: 'unknown' });
          expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'captured', first });
        },
      );

      it.each(UNCLEAR)('reports unknown for a capture whose answer is $kind $when', async (spoiling) => {
        const payment = await paid();
        await stage.spoilNext('verify', spoiling);
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'unknown' });
        expect(await stage.timesAsked('verify')).toBe(1);
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'captured' });
      });

      it.each(UNCLEAR)('reports unknown for a status whose answer is $kind $when', async (spoiling) => {
        const payment = await paid();
        await stage.spoilNext('inquire', spoiling);
        expect(await said(stage.gateway.inquire(payment))).toMatchObject({ kind: 'unknown' });
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'paid' });
      });

      it('reports a rate limit, and nothing is lost', async () => {
        const payment = await paid();
        await stage.spoilNext('inquire', { kind: 'rate_limit' });
        expect(await said(stage.gateway.inquire(payment))).toMatchObject({ kind: 'wait' });
        await stage.spoilNext('verify', { kind: 'rate_limit' });
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'wait' });
        expect(await said(stage.gateway.verify(payment))).toMatchObject({ kind: 'captured', first: true });
      });
    });

    it('rejects for good a payment that it never opened', async () => {
      const stranger = { attemptId: newId(), authority: stage.unknownAuthority, amount: AMOUNT };
      expect(await said(stage.gateway.verify(stranger))).toMatchObject({ kind: 'rejected', class: 'final' });
      expect(await said(stage.gateway.inquire(stranger))).toMatchObject({ kind: 'rejected', class: 'final' });
      expect(await said(stage.gateway.reverse(stranger))).toMatchObject({ kind: 'rejected', class: 'final' });
    });

    describe('reverses', () => {
      it('what it captured, once', async () => {
        const payment = await captured();
        expect(await said(stage.gateway.reverse(payment))).toEqual({ kind: 'reversed' });
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'reversed' });
        expect(await said(stage.gateway.reverse(payment))).toMatchObject({ kind: 'not_reversible' });
        expect(await said(stage.gateway.verify(payment))).not.toMatchObject({ kind: 'captured' });
      });

      it('until the time for it is over, and then reports that only a refund is left', async () => {
        const payment = await captured();
        await stage.advance(stage.reverseWindowMs + 1000);
        expect(await said(stage.gateway.reverse(payment))).toMatchObject({ kind: 'too_late' });
        expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status: 'captured' });
      });

      it.each([
        ['before', 'captured', 'reversed'],
        ['after', 'reversed', 'not_reversible'],
      ] as const)(
        'and an inquiry finds out what happened when a reversal was lost %s its effect',
        async (when, status, kind) => {
          const payment = await captured();
          await stage.spoilNext('reverse', { kind: 'silence', when });
          expect(await said(stage.impatient.reverse(payment))).toMatchObject({ kind: 'unknown' });
          expect(await said(stage.gateway.inquire(payment))).toEqual({ kind: 'status', status });
          expect(await said(stage.gateway.reverse(payment))).toMatchObject({ kind });
        },
      );

      it.each(UNCLEAR)('and reports unknown for an answer that is $kind $when', async (spoiling) => {
        const payment = await captured();
        await stage.spoilNext('reverse', spoiling);
        expect(await said(stage.gateway.reverse(payment))).toMatchObject({ kind: 'unknown' });
        expect(await stage.timesAsked('reverse')).toBe(1);
      });
    });

    it('lists what was paid and not captured, if it can list', async ({ skip }) => {
      if (stage.unsettled === undefined) return skip('this gateway has no such list');
      const waiting = await paid();
      const done = await captured();
      const open = await opened();
      const outcome = await said(stage.unsettled.list());
      if (outcome.kind !== 'listed') throw new Error(outcome.kind);
      expect(outcome.payments).toContainEqual(
        expect.objectContaining({ authority: waiting.authority, amount: AMOUNT.amount }),
      );
      const listed = outcome.payments.map(({ authority }) => authority);
      expect(listed).not.toContain(done.authority);
      expect(listed).not.toContain(open.authority);
      expect(outcome.unreadable).toBe(0);
    });
  });
}
