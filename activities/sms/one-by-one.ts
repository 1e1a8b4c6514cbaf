import {
  NOT_CALLED,
  type BulkCost,
  type BulkRefused,
  type BulkReport,
  type BulkResult,
  type BulkUnknown,
} from '../../entities/campaigns/bulk-outcome';
import type {
  FindOutcome,
  ReportOutcome,
  SendOutcome,
  SmsAccepted,
  SmsCost,
  SmsRefused,
  SmsUnknown,
} from '../../workflows/sms/sms-provider.steps';
import { refused } from './ask-provider';
import { takenAtWorst, type BulkSms } from './bulk-sms';
import type { SmsProvider } from './sms-provider';

/** So many calls at once, so that single messages still get through. */
const CALLS_AT_ONCE = 5;
const MOST_AT_ONCE = 20;
/** A step has 15 s, of which a busy Postgres may take some. */
const LONGEST_MS = 10_000;

/**
 * Many messages through a provider that takes one at a time, a few side by side. All of them end within the step that asks for them, also when
 * the provider is as slow as it may be: what a step that is over still sends, nobody could pause any more.
 *
 * @param timeoutMs how long one call of the provider may take
 */
export function oneByOne(provider: SmsProvider, timeoutMs: number, now: () => number = Date.now): BulkSms {
  const rounds = Math.max(1, Math.floor(LONGEST_MS / timeoutMs));
  /** Whether another round ends in time. */
  const untilLate = () => {
    const began = now();
    return () => now() - began + timeoutMs <= LONGEST_MS;
  };
  return {
    name: provider.name,
    mostAtOnce: Math.min(MOST_AT_ONCE, rounds * CALLS_AT_ONCE),

    async sendAll(texts) {
      const isInTime = untilLate();
      const outcomes = await inRounds(
        texts,
        (sms) => provider.sendText(sms),
        // A provider that hangs gets no more messages.
        (round) => isInTime() && round.some(({ kind }) => kind !== 'unknown'),
      );
      const said = texts.map((_, at) => decideSend(outcomes[at]));
      const results = said.flatMap((outcome, at): BulkResult[] => {
        const { reference } = texts[at]!;
        if (outcome.kind === 'unknown') return [];
        if (outcome.kind === 'refused')
          return [{ ...outcome, reference, ...(isOfNumber(said, at) && { isOfNumber: true }) }];
        return [{ kind: 'accepted', reference, providerMessageId: outcome.providerMessageId }];
      });
      // A refusal after which the message may have gone out all the same.
      const isFailing = outcomes.some(({ kind }, at) => kind === 'refused' && said[at]!.kind === 'unknown');
      return { kind: 'answered', results, costs: costsOf(outcomes), ...(isFailing && { isFailing }) };
    },

    async findAll({ texts, sentAt }) {
      const outcomes = await inRounds(
        texts,
        ({ to, text, reference }) => provider.find({ operation: 'text', to, text, reference, sentAt }),
        untilLate(),
      );
      const failure = failureOf(outcomes);
      if (failure) return failure;
      const results = outcomes.flatMap((outcome, at): BulkResult[] => {
        const { reference } = texts[at]!;
        if (outcome.kind === 'found')
          return [{ kind: 'accepted', reference, providerMessageId: outcome.providerMessageId }];
        return outcome.kind === 'not_found' && outcome.isCertain ? [{ ...NOT_FOUND, reference }] : [];
      });
      const costs = costsOf(outcomes);
      if (results.length === texts.length) {
        const found = results.filter(({ kind }) => kind === 'accepted');
        return { kind: 'searched', results: found, costs, areOthersCertain: true };
      }
      const answers = outcomes.filter(({ kind }) => kind === 'found' || kind === 'not_found');
      const isPartial = answers.length < texts.length;
      return { kind: 'searched', results, costs, areOthersCertain: false, ...(isPartial && { isPartial }) };
    },

    async reportAll({ providerMessageIds, sentAt }) {
      const outcomes = await inRounds(
        providerMessageIds,
        (providerMessageId) => provider.report({ providerMessageId, sentAt }),
        // A provider that hangs would take a step from campaigns that send.
        (round) => failureOf(round) === undefined,
      );
      const failure = failureOf(outcomes);
      if (failure) return failure;
      const reports = outcomes.flatMap((outcome, at): BulkReport[] => {
        if (outcome.kind !== 'report') return [];
        const { state, code, class: stop } = outcome;
        return [{ providerMessageId: providerMessageIds[at]!, state, code, ...(stop && { class: stop }) }];
      });
      return { kind: 'reports', reports };
    },
  };
}

const NO_TIME_LEFT = refused('overload', NOT_CALLED, 'no time was left for the call');
const NOT_FOUND = refused('overload', 'not_found', 'the provider surely has not got it');

function decideSend(outcome: SendOutcome | undefined): SmsAccepted | BulkRefused | BulkUnknown {
  if (outcome === undefined) return NO_TIME_LEFT;
  return outcome.kind === 'accepted' ? outcome : takenAtWorst(outcome);
}

/**
 * Codes of credit, account and sender, of Kavenegar and of Twilio. They come in the middle of a call when credit ends or an account is closed,
 * and the messages beside the last ones may have been taken.
 */
const OF_ACCOUNT: ReadonlySet<string> = new Set([
  ...['401', '403', '407', '412', '416', '418', '426', '427'],
  ...['20003', '20005', '21212', '21606', '30002'],
]);

/** Whether a refusal that concerns no number by its code does so after all: most messages beside it and after it were taken. */
function isOfNumber(said: readonly (SmsAccepted | BulkRefused | BulkUnknown)[], at: number): boolean {
  const isWrong = (outcome: (typeof said)[number]) =>
    outcome.kind === 'refused' && (outcome.class === 'bug' || outcome.class === 'config');
  const refusal = said[at]!;
  if (refusal.kind !== 'refused' || !isWrong(refusal) || OF_ACCOUNT.has(refusal.code)) return false;
  const since = said.slice(at - (at % CALLS_AT_ONCE));
  return since.filter(({ kind }) => kind === 'accepted').length > since.filter(isWrong).length;
}

/** The first failure, where a provider has answered to none of these questions. */
function failureOf(
  outcomes: readonly (SendOutcome | FindOutcome | ReportOutcome)[],
): SmsRefused | SmsUnknown | undefined {
  const failures = outcomes.filter((one) => one.kind === 'refused' || one.kind === 'unknown');
  return failures.length === outcomes.length ? failures[0] : undefined;
}

function costsOf(outcomes: readonly { readonly kind: string; readonly cost?: SmsCost }[]): BulkCost[] {
  return outcomes.flatMap(({ cost }) => (cost === undefined ? [] : { ...cost, messages: 1 }));
}

/**
 * Works on a few items side by side, then on the next few.
 *
 * @param mayGoOn whether another round begins after this one
 * @returns the results of those rounds, in the order of the items
 */
async function inRounds<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  mayGoOn: (round: readonly Result[]) => boolean,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += CALLS_AT_ONCE) {
    const round = await Promise.all(items.slice(at, at + CALLS_AT_ONCE).map(work));
    results.push(...round);
    if (!mayGoOn(round)) break;
  }
  return results;
}
