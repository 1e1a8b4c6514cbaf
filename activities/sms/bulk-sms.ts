import type {
  BulkCost,
  BulkFindOutcome,
  BulkRefused,
  BulkReport,
  BulkResult,
  BulkSendOutcome,
  BulkUnknown,
} from '../../entities/campaigns/bulk-outcome';
import type { SendOutcome, SmsCost, SmsRefused, SmsUnknown } from '../../workflows/sms/sms-provider.steps';
import type { SmsProvider, TextSms } from './sms-provider';

/** A call with many messages that got no answer. */
export interface LostBulk {
  readonly texts: readonly TextSms[];
  readonly sentAt: Date;
}

/** Messages of one call that were accepted. */
export interface SentBulk {
  /** The provider's name for the call, where it gave one. */
  readonly packId: string | null;
  readonly providerMessageIds: readonly string[];
  readonly sentAt: Date;
}

/** What a provider says of deliveries. Messages that it does not know are left out. */
export type BulkReportOutcome =
  | { readonly kind: 'reports'; readonly reports: readonly BulkReport[] }
  | BulkRefused
  | { readonly kind: 'unknown'; readonly message: string };

/**
 * A way to send many messages at once, each with a text of its own. Adapters keep no state and answer with an outcome for everything that
 * a provider or a network can do. One call is one request: it is never repeated.
 */
export interface BulkSms {
  /** As of the provider of single messages. */
  readonly name: string;
  /** The most messages of one call. */
  readonly mostAtOnce: number;
  sendAll(texts: readonly TextSms[]): Promise<BulkSendOutcome>;
  /** Looks for a call that got no answer. */
  findAll(lost: LostBulk): Promise<BulkFindOutcome>;
  reportAll(sent: SentBulk): Promise<BulkReportOutcome>;
}

/** Without a connection, and with these codes of limits and full queues, a provider has surely taken nothing. */
const TOOK_NOTHING: ReadonlySet<string> = new Set([
  ...['no_connection', '429', '20', '451', '20429', '21611'],
]);

/**
 * What a failure means where a repeated message would go out twice. Single messages are repeated after an internal error of a provider: one
 * code too many does no harm. Here the whole call would go out again, so an error that may have come after the messages is no refusal.
 */
export function takenAtWorst(outcome: SmsRefused | SmsUnknown, status?: number): BulkRefused | BulkUnknown {
  if (outcome.kind === 'unknown') return outcome;
  const isSure = status === 429 || TOOK_NOTHING.has(outcome.code) || outcome.class !== 'overload';
  if (isSure) return outcome;
  return { kind: 'unknown', message: `${outcome.message} (${outcome.code})`, isFailing: true };
}

/** So many calls at once, so that single messages still get through. */
const CALLS_AT_ONCE = 5;
const MOST_AT_ONCE = 20;

/** Many messages through a provider that takes one at a time. */
export function oneByOne(provider: SmsProvider): BulkSms {
  const hasReferences = provider.referencesBy.includes('text');
  return {
    name: provider.name,
    mostAtOnce: MOST_AT_ONCE,

    async sendAll(texts) {
      const outcomes = await each(texts, (sms) => provider.sendText(sms));
      const said = outcomes.map(
        (outcome): Exclude<SendOutcome, SmsRefused | SmsUnknown> | BulkRefused | BulkUnknown =>
          hasReferences || outcome.kind === 'accepted' ? outcome : takenAtWorst(outcome),
      );
      const results = said.flatMap((outcome, at): BulkResult[] => {
        const { reference } = texts[at]!;
        if (outcome.kind === 'unknown') return [];
        if (outcome.kind === 'refused') return [{ ...outcome, reference }];
        return [{ kind: 'accepted', reference, providerMessageId: outcome.providerMessageId }];
      });
      const isFailing = said.some((outcome) => outcome.kind === 'unknown' && outcome.isFailing === true);
      return { kind: 'answered', results, costs: costsOf(outcomes), ...(isFailing && { isFailing }) };
    },

    async findAll({ texts, sentAt }) {
      const outcomes = await each(texts, ({ to, text, reference }) =>
        provider.find({ operation: 'text', to, text, reference, sentAt }),
      );
      const results = outcomes.flatMap((outcome, at): BulkResult[] => {
        if (outcome.kind !== 'found') return [];
        const { providerMessageId } = outcome;
        return [{ kind: 'accepted', reference: texts[at]!.reference, providerMessageId }];
      });
      const areOthersCertain = outcomes.every(
        (outcome) => outcome.kind === 'found' || (outcome.kind === 'not_found' && outcome.isCertain),
      );
      return { kind: 'searched', results, costs: costsOf(outcomes), areOthersCertain };
    },

    async reportAll({ providerMessageIds, sentAt }) {
      const outcomes = await each(providerMessageIds, (providerMessageId) =>
        provider.report({ providerMessageId, sentAt }),
      );
      const reports = outcomes.flatMap((outcome, at): BulkReport[] => {
        if (outcome.kind !== 'report') return [];
        const { state, code, class: stop } = outcome;
        return [{ providerMessageId: providerMessageIds[at]!, state, code, ...(stop && { class: stop }) }];
      });
      return { kind: 'reports', reports };
    },
  };
}

function costsOf(outcomes: readonly { readonly kind: string; readonly cost?: SmsCost }[]): BulkCost[] {
  return outcomes.flatMap(({ cost }) => (cost === undefined ? [] : { ...cost, messages: 1 }));
}

async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += CALLS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + CALLS_AT_ONCE).map(work))));
  }
  return results;
}
