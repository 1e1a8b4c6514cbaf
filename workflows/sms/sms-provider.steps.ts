/**
 * Outcomes are what an SMS provider may answer. Adapters return them and workflows read them. They are stored in rows,
 * histories and logs, so they hold no credential, no phone number and no text of a message.
 *
 * A refusal is
 * - `stop` when the recipient's number cannot or will not receive: no other provider can help;
 * - `bug` when our request is wrong: it would be wrong elsewhere too, and a person must know;
 * - `config` when an account, line or template must be put right: another provider may help, and a person must know;
 * - `overload` when the provider cannot now: another one may help.
 */
export type SmsRefusalClass = 'stop' | 'bug' | 'config' | 'overload';

/** The provider's answer. `code` is its own, as text (SMS.ir: `102`). `message` is English, for operators. */
export interface SmsAnswer {
  readonly code: string;
  readonly message: string;
}

/** What a message cost. Providers count in rials, in credits of their own or in another currency: nobody adds them up. */
export interface SmsCost {
  /** An exact decimal number, such as `1.5` or `0.00750`. */
  readonly amount: string;
  /** `rial`, `credit`, or an ISO 4217 code. */
  readonly unit: string;
}

export interface SmsAccepted {
  readonly kind: 'accepted';
  /** The provider's name for the message, unique per provider. */
  readonly providerMessageId: string;
  /** Missing when the provider tells it later or never. */
  readonly cost?: SmsCost;
}

/** The provider answered and sent nothing. */
export interface SmsRefused extends SmsAnswer {
  readonly kind: 'refused';
  readonly class: SmsRefusalClass;
  /** Of `config`: only this template or this text must be put right. All others get through. */
  readonly concerns?: 'template';
  /** How long to leave the provider alone, if it said so. */
  readonly retryAfterMs?: number;
}

/** There is no reliable answer. The message may or may not have gone out. This is never a failure. */
export interface SmsUnknown {
  readonly kind: 'unknown';
  readonly message: string;
}

export type SendOutcome = SmsAccepted | SmsRefused | SmsUnknown;

/**
 * `pending`: on its way. `undelivered`: it could not be delivered so far (phone off, out of reach) and may still be.
 * `delivered` and `failed` are final.
 */
export type DeliveryState = 'pending' | 'undelivered' | 'delivered' | 'failed';

/** Where a message stands, with the provider's own code for it. */
export interface DeliveryReport {
  readonly kind: 'report';
  readonly state: DeliveryState;
  readonly code: string;
  /** `stop` when it failed because of the recipient: sending it through another provider is pointless. */
  readonly class?: 'stop';
  readonly cost?: SmsCost;
}

/** The provider does not know the message, or no longer. It says nothing about the delivery. */
export interface NoReport extends SmsAnswer {
  readonly kind: 'no_report';
}

/** Reading may be repeated after every outcome. */
export type ReportOutcome = DeliveryReport | NoReport | SmsRefused | SmsUnknown;

/** The provider has taken the message that was looked for. */
export interface SmsFound {
  readonly kind: 'found';
  readonly providerMessageId: string;
  readonly cost?: SmsCost;
}

/**
 * The provider has no such message. Certain only where it was looked for by a reference of ours; otherwise the provider's list
 * may be behind.
 */
export interface SmsNotFound {
  readonly kind: 'not_found';
  readonly isCertain: boolean;
}

export type FindOutcome = SmsFound | SmsNotFound | SmsRefused | SmsUnknown;

/** What is left of the shop's credit at the provider, in the provider's unit. */
export interface SmsCredit {
  readonly kind: 'credit';
  readonly left: SmsCost;
}

export type CreditOutcome = SmsCredit | SmsRefused | SmsUnknown;

/** With how long the provider took, where it was called. */
export type TimedSendOutcome = SendOutcome & { readonly tookMs?: number };

/** Provider calls. They run outside transactions and have no step keys, because their state is the attempt's row. */
export interface SmsCalls {
  sendSms(input: { readonly attemptId: string }): Promise<TimedSendOutcome>;
  /** Whether a send without an answer has arrived. */
  findSms(input: { readonly attemptId: string }): Promise<FindOutcome>;
  readDeliveryReport(input: { readonly attemptId: string }): Promise<ReportOutcome>;
}
