import type { Money } from '../../entities/values/money';

/**
 * Outcomes are what a gateway may answer. Adapters return them and workflows read them. They are stored in histories and
 * logs, so they hold no credential and nothing personal.
 *
 * A refusal is `final` when what was asked for will never be possible, `operator` when a person must correct an account or
 * a setting, and `wait` when there were too many calls.
 */
export type RefusalClass = 'final' | 'operator' | 'wait';

/** The provider's answer. `code` is its own, as text (Zarinpal: `-51`). `message` is English, for operators. */
export interface GatewayAnswer {
  readonly code: string;
  readonly message: string;
}

/** The provider will never accept this payment. A person is alerted, because it means a mistake of ours or fraud. */
export interface Rejected extends GatewayAnswer {
  readonly kind: 'rejected';
  readonly class: 'final';
}

/** A person must change something at the provider or in our settings. Asking again earlier is pointless. */
export interface NeedsOperator extends GatewayAnswer {
  readonly kind: 'operator';
}

/** Too many calls. Nothing happened. Ask again, but not before `retryAfterMs` if the provider named it. */
export interface Wait extends GatewayAnswer {
  readonly kind: 'wait';
  readonly retryAfterMs?: number;
}

/** There is no reliable answer. The call may or may not have taken effect. This is never a failure. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly code?: string;
  readonly message: string;
}

/** The gateway says that the buyer has not paid so far. */
export interface NotPaid extends GatewayAnswer {
  readonly kind: 'not_paid';
}

/** What a call about an existing payment may get instead of a result. */
export type NoAnswer = Rejected | NeedsOperator | Wait | Unknown;

export interface Opened {
  readonly kind: 'opened';
  readonly authority: string;
  /** Where the buyer pays. Null for a gateway whose buyers pay without leaving the shop. */
  readonly redirectUrl: string | null;
  /** The provider's fee in the payment's currency, if the provider names it. */
  readonly fee?: number;
}

/** The gateway answered and opened nothing. */
export interface OpenRefused extends GatewayAnswer {
  readonly kind: 'refused';
  readonly class: RefusalClass;
  /** How long to wait before the next call, if the gateway said so. */
  readonly retryAfterMs?: number;
}

/** After `unknown` there may be a payable object that we do not know. Never repeat the call for the same attempt. */
export type OpenOutcome = Opened | OpenRefused | Unknown;

export interface Captured {
  readonly kind: 'captured';
  /** The provider's receipt, unique per gateway. */
  readonly refId: string;
  /** False when the payment was captured before this call. That is a success too, but only for our own row. */
  readonly first: boolean;
  /** Masked by the provider. A value that is not masked is never passed on. */
  readonly cardPan?: string;
  readonly fee?: number;
}

/** Verifying may be repeated after every outcome. After `unknown` and `wait` it must be. */
export type VerifyOutcome = Captured | NotPaid | NoAnswer;

/** `paid`: the money is there and not captured. `pending`: the buyer may still pay. `reversed`: the money went back. */
export type GatewayPaymentStatus = 'paid' | 'captured' | 'pending' | 'failed' | 'reversed';

/** A status never confirms a payment. It only says whether a capture is worth trying. */
export type InquiryOutcome =
  | { readonly kind: 'status'; readonly status: GatewayPaymentStatus }
  | NotPaid
  | NoAnswer;

/** The time for a reversal has passed, or the bank refused. Only a refund is left. */
export interface ReverseRefused extends GatewayAnswer {
  readonly kind: 'too_late' | 'bank_refused';
}

/** There is no captured money to reverse: it was not paid, or it was reversed before. An inquiry tells which. */
export interface NotReversible extends GatewayAnswer {
  readonly kind: 'not_reversible';
}

/** After `unknown`, inquire before anything else, because the reversal may have happened. */
export type ReverseOutcome = { readonly kind: 'reversed' } | ReverseRefused | NotReversible | NoAnswer;

/** A payment as its gateway knows it. */
export interface GatewayPayment {
  readonly attemptId: string;
  readonly gateway: string;
  readonly authority: string;
}

/** Gateway calls. They run outside transactions and have no step keys, because their state is the attempt's row. */
export interface GatewayCalls {
  requestPayment(input: {
    readonly orderId: string;
    readonly orderNumber: number;
    readonly attemptId: string;
    readonly gateway: string;
    readonly amount: Money;
  }): Promise<OpenOutcome>;
  verifyPayment(input: GatewayPayment & { readonly amount: Money }): Promise<VerifyOutcome>;
  inquirePayment(input: GatewayPayment): Promise<InquiryOutcome>;
  reversePayment(input: GatewayPayment): Promise<ReverseOutcome>;
}
