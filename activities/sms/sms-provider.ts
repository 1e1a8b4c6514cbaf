import type {
  CreditOutcome,
  FindOutcome,
  ReportOutcome,
  SendOutcome,
} from '../../workflows/sms/sms-provider.steps';

/** How a message is sent: with a template that the provider keeps, or as a whole text. */
export type SmsOperation = 'template' | 'text';

/** What every message has. */
interface OutgoingSms {
  /** E.164. Adapters turn it into the spelling that their provider wants. */
  readonly to: string;
  /** Decimal digits, at most 18, never the same for two attempts: the idempotency key where the provider has one. */
  readonly reference: string;
  /** Where the provider may report the delivery, for those that do. */
  readonly reportUrl?: string;
}

/** A message whose text the provider keeps as a template. */
export interface TemplateSms extends OutgoingSms {
  /** The provider's name or number of the template. */
  readonly template: string;
  /** The provider's names of the template's variables with their values. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface TextSms extends OutgoingSms {
  readonly text: string;
}

/** A message that was accepted. */
export interface SentSms {
  readonly providerMessageId: string;
  readonly sentAt: Date;
}

/** A send that got no answer. */
export interface LostSms {
  readonly operation: SmsOperation;
  readonly to: string;
  readonly reference: string;
  /** The text as the recipient would read it. */
  readonly text: string;
  readonly sentAt: Date;
  /** Provider ids that other attempts already have, so that the same text sent twice is not found twice. */
  readonly otherMessageIds?: readonly string[];
}

/**
 * A way to send SMS. Adapters keep no state, decide by the provider's body, and answer with an outcome for everything that a
 * provider or a network can do. They throw only for mistakes of the caller.
 */
export interface SmsProvider {
  /** As stored on attempts and used in settings, for example `sms-ir`. */
  readonly name: string;
  /** How one-time codes must be sent: through templates where texts may be blocked or changed on their way. */
  readonly codesBy: SmsOperation;
  /** When to ask for a delivery report, in milliseconds after the send, ascending; after the last one nobody asks any more. */
  readonly reportsAfterMs: readonly number[];
  /**
   * The operations whose reference the provider keeps: {@link find} looks by it, so that `not_found` is certain, and a repeated
   * send with it sends nothing twice. The others are found by number, text and time: `not_found` is never certain there, and a
   * repeated send may go out twice.
   */
  readonly referencesBy: readonly SmsOperation[];
  /** Undefined for a provider without templates. */
  readonly sendTemplate?: (sms: TemplateSms) => Promise<SendOutcome>;
  sendText(sms: TextSms): Promise<SendOutcome>;
  report(sms: SentSms): Promise<ReportOutcome>;
  find(sms: LostSms): Promise<FindOutcome>;
  credit(): Promise<CreditOutcome>;
}
