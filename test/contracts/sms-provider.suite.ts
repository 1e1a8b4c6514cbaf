import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { SmsOperation, SmsProvider } from '../../activities/sms/sms-provider';
import type { DeliveryReport, SendOutcome, SmsRefusalClass } from '../../workflows/sms/sms-provider.steps';
import type { SmsSandbox } from '../support/sms-sandbox';

type Call = SmsOperation | 'report' | 'find' | 'credit';
type Ending = Pick<DeliveryReport, 'state' | 'class'>;

/** An SMS provider, its sandbox, and what is its own. */
export interface SmsProviderUnderTest {
  readonly sandbox: SmsSandbox;
  readonly provider: SmsProvider;
  /** The same provider with a short time-out, for calls that get no answer. */
  readonly impatient: SmsProvider;
  /** The same provider at an address where nobody listens. */
  readonly unreachable: SmsProvider;
  /** A template with its parameters, and the text that the recipient reads. */
  readonly template?: {
    readonly name: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly text: string;
  };
  /** Texts that no outcome may contain. */
  readonly secrets: readonly string[];
  /** The sandbox's names of the calls. */
  readonly endpoints: Readonly<Partial<Record<Call, string>>>;
  /** The fields of the answers to sends that have ids. */
  readonly idFields: readonly string[];
  /** Whether all of its answers are texts anyway, so that numbers as texts are nothing strange. */
  readonly hasOnlyTexts?: boolean;
  /** A well-formed id that the provider has not given out. */
  readonly unknownId: string;
  /** How long after the send the provider knows what became of a message. */
  readonly reportedAfterMs: number;
  readonly undelivered: Ending;
  readonly failed: Ending;
  /** A way to each class of refusal. The sandbox forgets it with `restore`. */
  readonly refusals: readonly {
    readonly class: SmsRefusalClass;
    readonly code: string;
    readonly to?: string;
    readonly text?: string;
    arrange?(): Promise<unknown>;
  }[];
  /** Puts the account back as it was. */
  restore(): Promise<unknown>;
}

const ORDINARY = '+989121234567';
const UNDELIVERED = '+989120000001';
const FAILED = '+989120000002';
const BLACKLISTED = '+989120000003';
const REPORTED_LATE = '+989120000004';
const HANGS = '+989120000005';
const CUT_AFTER_EFFECT = '+989120000006';
const HTML_502 = '+989120000007';
const ERROR_IN_200 = '+989120000008';

const LATE_MS = 10 * 60_000;
const TEXT = 'سفارش ۷ پرداخت شد';
/** No price has more places. */
const DECIMAL = /^\d+(\.\d+)?$/;

/** What every SMS provider must do, tested against its sandbox. Delivery relies on these tests and on nothing else. */
export function describeSmsProvider(name: string, setUp: () => Promise<SmsProviderUnderTest>): void {
  describe(`the SMS provider ${name}`, () => {
    let stage: SmsProviderUnderTest;
    let references = Date.now();
    const outcomes: unknown[] = [];

    beforeAll(async () => {
      stage = await setUp();
    });
    afterEach(async () => {
      const seen = JSON.stringify(outcomes.splice(0)).toLowerCase();
      await stage.sandbox.recover();
      await stage.restore();
      for (const secret of [...stage.secrets, TEXT, '9121234567', '91200000']) {
        expect(seen).not.toContain(secret.toLowerCase());
      }
    });
    afterAll(() => stage.sandbox.stop());

    /** Records an outcome, so that every test also proves that nothing secret or personal leaked. */
    async function said<T>(outcome: Promise<T>): Promise<T> {
      const value = await outcome;
      outcomes.push(value);
      return value;
    }

    function operations(): SmsOperation[] {
      return stage.template === undefined ? ['text'] : ['template', 'text'];
    }

    function newReference(): string {
      references += 1;
      return String(references);
    }

    interface Sending {
      readonly to?: string;
      readonly text?: string;
      readonly reference?: string;
      readonly provider?: SmsProvider;
    }

    function send(operation: SmsOperation, sending: Sending = {}): Promise<SendOutcome> {
      const { to = ORDINARY, text = TEXT, reference = newReference(), provider = stage.provider } = sending;
      if (operation === 'text') return said(provider.sendText({ to, reference, text }));
      const { name: template, parameters } = stage.template!;
      return said(provider.sendTemplate!({ to, reference, template, parameters }));
    }

    async function accepted(operation: SmsOperation, sending: Sending = {}): Promise<string> {
      const outcome = await send(operation, sending);
      if (outcome.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
      return outcome.providerMessageId;
    }

    const report = (providerMessageId: string, provider = stage.provider) =>
      said(provider.report({ providerMessageId, sentAt: new Date() }));

    /** @param started when the send began, which is when its attempt says that it was sent */
    const find = (
      operation: SmsOperation,
      to: string,
      reference: string,
      started: Date,
      otherMessageIds?: string[],
    ) =>
      said(
        stage.provider.find({
          operation,
          to,
          reference,
          text: operation === 'text' ? TEXT : stage.template!.text,
          sentAt: started,
          ...(otherMessageIds === undefined ? {} : { otherMessageIds }),
        }),
      );

    it('sends by each of its operations, under an id of its own, and says what it cost', async () => {
      const ids = new Set<string>();
      for (const operation of operations()) {
        const before = stage.sandbox.inbox(ORDINARY).length;
        ids.add(await accepted(operation));
        ids.add(await accepted(operation));
        const [newest, ...others] = stage.sandbox.inbox(ORDINARY);
        expect(others.length + 1 - before).toBe(2);
        expect(newest?.text).toBe(operation === 'text' ? TEXT : stage.template!.text);
      }
      expect(ids.size).toBe(2 * operations().length);
      await stage.sandbox.advance(stage.reportedAfterMs);
      const costs = outcomes.flatMap((outcome) => (outcome as { cost?: unknown }).cost ?? []);
      for (const id of ids) {
        const reported = await report(id);
        expect(reported).toMatchObject({ kind: 'report', state: 'delivered' });
        if (reported.kind === 'report' && reported.cost !== undefined) costs.push(reported.cost);
      }
      expect(costs.length).toBeGreaterThanOrEqual(ids.size);
      for (const cost of costs) {
        expect(cost).toEqual({ amount: expect.stringMatching(DECIMAL), unit: expect.stringMatching(/./) });
      }
    });

    it('refuses in every class, with its own code, and then sends nothing', async () => {
      for (const refusal of stage.refusals) {
        for (const operation of operations()) {
          if (refusal.text !== undefined && operation === 'template') continue;
          await refusal.arrange?.();
          const { to = ORDINARY, text = TEXT } = refusal;
          const before = stage.sandbox.inbox(to).length;
          expect(await send(operation, { to, text }), refusal.code).toMatchObject({
            kind: 'refused',
            class: refusal.class,
            code: refusal.code,
          });
          expect(stage.sandbox.inbox(to)).toHaveLength(before);
          await stage.restore();
        }
      }
      expect(new Set(stage.refusals.map((refusal) => refusal.class))).toEqual(
        new Set(['stop', 'bug', 'config', 'overload']),
      );
    });

    it('refuses a recipient who blocks it for good, at once or by its report', async () => {
      for (const operation of operations()) {
        const outcome = await send(operation, { to: BLACKLISTED });
        if (outcome.kind === 'refused') {
          expect(outcome).toMatchObject({ class: 'stop' });
          continue;
        }
        if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
        await stage.sandbox.advance(stage.reportedAfterMs);
        expect(await report(outcome.providerMessageId)).toMatchObject({ state: 'failed', class: 'stop' });
      }
    });

    it('leaves open what became of a send without an answer, and has not sent it', async () => {
      for (const operation of operations()) {
        const started = new Date();
        const reference = newReference();
        expect(await send(operation, { to: HANGS, reference, provider: stage.impatient })).toMatchObject({
          kind: 'unknown',
        });
        const isCertain = stage.provider.referencesBy.includes(operation);
        expect(await find(operation, HANGS, reference, started)).toEqual({
          kind: 'not_found',
          isCertain: false,
        });
        const aMinuteAgo = new Date(started.getTime() - 60_000);
        expect(await find(operation, HANGS, reference, aMinuteAgo)).toEqual({ kind: 'not_found', isCertain });
        expect(stage.sandbox.inbox(HANGS)).toEqual([]);
      }
    });

    it('leaves open what became of a send whose answer was cut, and finds it', async () => {
      const earlier: string[] = [];
      for (const operation of operations()) {
        const started = new Date();
        const reference = newReference();
        expect(await send(operation, { to: CUT_AFTER_EFFECT, reference })).toMatchObject({ kind: 'unknown' });
        const outcome = await find(operation, CUT_AFTER_EFFECT, reference, started, [...earlier]);
        if (outcome.kind !== 'found') throw new Error(JSON.stringify(outcome));
        expect(earlier).not.toContain(outcome.providerMessageId);
        earlier.push(outcome.providerMessageId);
        expect(await report(outcome.providerMessageId)).toMatchObject({ kind: 'report', state: 'pending' });
        expect(stage.sandbox.inbox(CUT_AFTER_EFFECT)).toHaveLength(earlier.length);
        if (!stage.provider.referencesBy.includes(operation)) continue;
        await send(operation, { to: CUT_AFTER_EFFECT, reference });
        expect(stage.sandbox.inbox(CUT_AFTER_EFFECT)).toHaveLength(earlier.length);
      }
    });

    it('sends a repeated reference once, where it has references', async () => {
      for (const operation of stage.provider.referencesBy) {
        const before = stage.sandbox.inbox(ORDINARY).length;
        const reference = newReference();
        const first = await accepted(operation, { reference });
        expect(await accepted(operation, { reference })).toBe(first);
        expect(stage.sandbox.inbox(ORDINARY)).toHaveLength(before + 1);
      }
    });

    it('leaves open what a page of a firewall means, and reads an error in an answer with HTTP 200', async () => {
      for (const operation of operations()) {
        expect(await send(operation, { to: HTML_502 })).toMatchObject({ kind: 'unknown' });
        expect(await send(operation, { to: ERROR_IN_200 })).toMatchObject({
          kind: 'refused',
          code: expect.stringMatching(/^\d+$/),
        });
      }
    });

    it('never takes a misshapen answer for a success, and never throws', async () => {
      const id = await accepted('text');
      const calls: Record<Call, () => Promise<{ readonly kind: string }>> = {
        template: () => send('template'),
        text: () => send('text'),
        report: () => report(id),
        find: () => find('text', ORDINARY, '1', new Date()),
        credit: () => said(stage.provider.credit()),
      };
      const spoilings = [
        ...[200, 403, 502].map((status) => ({ kind: 'html', status })),
        { kind: 'blank' },
        { kind: 'body', body: {} },
        { kind: 'body', body: 'OK' },
        { kind: 'truncated' },
        ...['list', 'null', 'text', 'wrapped'].map((as) => ({ kind: 'misshapen', as })),
        ...(stage.hasOnlyTexts ? [] : [{ kind: 'misshapen', as: 'strings' }]),
      ];
      for (const [call, endpoint] of Object.entries(stage.endpoints) as [Call, string][]) {
        const isSend = call === 'text' || call === 'template';
        const withoutId = { kind: 'misshapen', as: 'same', without: stage.idFields };
        for (const spoiling of isSend ? [...spoilings, withoutId] : spoilings) {
          await stage.sandbox.fault({ ...spoiling, endpoint });
          expect(await calls[call](), `${call} ${JSON.stringify(spoiling)}`).toMatchObject({
            kind: 'unknown',
          });
        }
      }
    });

    it('asks for patience when somebody before the provider has had enough', async () => {
      for (const operation of operations()) {
        await stage.sandbox.fault({ kind: 'html', status: 429, endpoint: stage.endpoints[operation] });
        expect(await send(operation)).toMatchObject({ kind: 'refused', class: 'overload', code: '429' });
      }
    });

    it('refuses every call without sending when no connection comes about', async () => {
      const refused = { kind: 'refused', class: 'overload', code: 'no_connection' };
      for (const operation of operations()) {
        expect(await send(operation, { provider: stage.unreachable })).toMatchObject(refused);
      }
      expect(await report(stage.unknownId, stage.unreachable)).toMatchObject(refused);
      expect(await said(stage.unreachable.credit())).toMatchObject(refused);
    });

    it('reports a message as pending, and then what became of it', async () => {
      const usual = await accepted('text');
      const undelivered = await accepted('text', { to: UNDELIVERED });
      const failed = await accepted('text', { to: FAILED });
      const late = await accepted('text', { to: REPORTED_LATE });
      for (const id of [usual, undelivered, failed, late]) {
        expect(await report(id)).toMatchObject({ kind: 'report', state: 'pending' });
      }
      await stage.sandbox.advance(stage.reportedAfterMs);
      expect(await report(usual)).toMatchObject({ kind: 'report', state: 'delivered' });
      expect(await report(undelivered)).toMatchObject({ kind: 'report', ...stage.undelivered });
      expect(await report(failed)).toMatchObject({ kind: 'report', ...stage.failed });
      expect(await report(late)).toMatchObject({ kind: 'report', state: 'pending' });
      await stage.sandbox.advance(LATE_MS);
      expect(await report(late)).toMatchObject({ kind: 'report', state: 'delivered' });
    });

    it('knows nothing of a message that it did not send', async () => {
      expect(await report(stage.unknownId)).toMatchObject({
        kind: 'no_report',
        code: expect.stringMatching(/./),
      });
    });

    it('tells its credit, which a message lowers', async () => {
      const before = await said(stage.provider.credit());
      await accepted('text');
      await stage.sandbox.advance(stage.reportedAfterMs);
      const after = await said(stage.provider.credit());
      if (before.kind !== 'credit' || after.kind !== 'credit')
        throw new Error(JSON.stringify([before, after]));
      expect(Number(after.left.amount)).toBeLessThan(Number(before.left.amount));
      expect(after.left).toEqual({ amount: expect.stringMatching(DECIMAL), unit: before.left.unit });
    });
  });
}
