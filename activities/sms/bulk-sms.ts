import type {
  BulkFindOutcome,
  BulkRefused,
  BulkReport,
  BulkSendOutcome,
  BulkUnknown,
} from '../../entities/campaigns/bulk-outcome';
import type { SmsRefused, SmsUnknown } from '../../workflows/sms/sms-provider.steps';
import type { TextSms } from './sms-provider';

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

/** Kavenegar's "operation failed" does not say when it failed. */
const MAY_HAVE_TAKEN: ReadonlySet<string> = new Set(['402']);

/**
 * What a failure means where a repeated message would go out twice. Single messages are repeated after an internal error of a provider: one
 * code too many does no harm. Here the whole call would go out again, so an error that may have come after the messages is no refusal.
 */
export function takenAtWorst(outcome: SmsRefused | SmsUnknown, status?: number): BulkRefused | BulkUnknown {
  if (outcome.kind === 'unknown') return outcome;
  const isMistake = outcome.class !== 'overload' && !MAY_HAVE_TAKEN.has(outcome.code);
  const isSure = status === 429 || TOOK_NOTHING.has(outcome.code) || isMistake;
  if (isSure) return outcome;
  return { kind: 'unknown', message: `${outcome.message} (${outcome.code})` };
}
