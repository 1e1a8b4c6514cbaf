import type { Currency, Money } from '../../entities/values/money';

/**
 * What an answer of a gateway means for us, whatever words or numbers the provider uses:
 * `final` asked for something that will never be; `not_yet` not paid so far; `operator` an account or a setting that a
 * person must put right; `wait` too many calls, come back later; `unknown` nobody can tell what happened.
 */
export type FailureClass = 'final' | 'not_yet' | 'operator' | 'wait' | 'unknown';

/** A payment to be opened. The amount is the attempt's frozen one; nothing here tells who the buyer is. */
export interface OpenPayment {
  readonly attemptId: string;
  readonly orderId: string;
  readonly amount: Money;
  /** What the buyer reads on the pay page; adapters shorten it to what their provider allows. */
  readonly description: string;
  /** Absolute http(s) address the buyer's browser comes back to. */
  readonly callbackUrl: string;
}

/** An opened payment, as far as a gateway needs to be told about it. */
export interface PaymentReference {
  readonly attemptId: string;
  /** The provider's name of the payment, exactly as `open` returned it. */
  readonly authority: string;
}

/** A payment to be captured with the amount that was frozen when it was opened, never with a recomputed total. */
export interface SettlePayment extends PaymentReference {
  readonly amount: Money;
}

/**
 * The provider's answer in words that may be stored and logged: no credential, no personal data. `code` is the
 * provider's own as text (Zarinpal `-51`, Stripe `resource_missing`); `message` is English, for an operator.
 */
export interface GatewayAnswer {
  readonly code: string;
  readonly message: string;
}

/** The provider will never say yes to this payment. Alerts a person: it means a mistake of ours, or fraud. */
export interface Rejected extends GatewayAnswer {
  readonly kind: 'rejected';
  readonly class: 'final';
}

/** A person must change something at the provider or in our settings; asking again earlier is pointless. */
export interface NeedsOperator extends GatewayAnswer {
  readonly kind: 'operator';
}

/** Too many calls. Nothing happened; ask again, not before `retryAfterMs` where the provider said so. */
export interface Wait extends GatewayAnswer {
  readonly kind: 'wait';
  readonly retryAfterMs?: number;
}

/** No answer, or none that can be relied upon: the effect may or may not have happened. Never a failure. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly code?: string;
  readonly message: string;
}

/** The gateway says that the buyer has not paid, so far. */
export interface NotPaid extends GatewayAnswer {
  readonly kind: 'not_paid';
}

/** What every question about an existing payment may be answered with instead of what was asked for. */
export type NoAnswer = Rejected | NeedsOperator | Wait | Unknown;

export interface Opened {
  readonly kind: 'opened';
  readonly authority: string;
  /** Where the buyer pays; null for a gateway whose buyers pay without leaving the shop. */
  readonly redirectUrl: string | null;
  /** The provider's fee in the payment's currency, where it is told. */
  readonly fee?: number;
}

/** The gateway answered and opened nothing. */
export interface OpenRefused extends GatewayAnswer {
  readonly kind: 'refused';
  readonly class: Extract<FailureClass, 'final' | 'operator' | 'wait'>;
  /** How long to leave the gateway alone, where it said so. */
  readonly retryAfterMs?: number;
}

/** After `unknown` a payable object that we do not know may exist: never repeat `open` for the same attempt. */
export type OpenOutcome = Opened | OpenRefused | Unknown;

export interface Captured {
  readonly kind: 'captured';
  /** The provider's receipt, unique per gateway. */
  readonly refId: string;
  /** False when the payment had been captured before this call: a success too, for our own row only. */
  readonly first: boolean;
  /** Masked by the provider; a value that is not masked is never passed on. */
  readonly cardPan?: string;
  /** One-way hash of the card number, personal data all the same. */
  readonly cardHash?: string;
  readonly fee?: number;
}

/** `verify` may be repeated after every outcome, and after `unknown` and `wait` it must be. */
export type VerifyOutcome = Captured | NotPaid | NoAnswer;

/** `paid` money is there and not captured; `pending` the buyer may still pay; `reversed` the money went back. */
export type GatewayPaymentStatus = 'paid' | 'captured' | 'pending' | 'failed' | 'reversed';

/** A status never confirms a payment; it only tells whether capturing is worth an attempt. */
export type InquiryOutcome =
  | { readonly kind: 'status'; readonly status: GatewayPaymentStatus }
  | NotPaid
  | NoAnswer;

/** The time for giving back by reversal has passed, or the bank refused: the way that is left is a refund. */
export interface ReverseRefused extends GatewayAnswer {
  readonly kind: 'too_late' | 'bank_refused';
}

/** There is no captured money to reverse: not paid, or reversed before. Only `inquire` can tell which. */
export interface NotReversible extends GatewayAnswer {
  readonly kind: 'not_reversible';
}

/** After `unknown` ask `inquire` before anything else: a reversal may have happened. */
export type ReverseOutcome = { readonly kind: 'reversed' } | ReverseRefused | NotReversible | NoAnswer;

/**
 * A way to be paid. Adapters keep no state, decide by what the provider's body says, and answer with an outcome for
 * everything that a provider or a network can do; they throw for mistakes of the caller only.
 */
export interface PaymentGateway {
  /** As stored on attempts and used in addresses, for example `zarinpal`. */
  readonly name: string;
  /** Amounts the gateway takes, both inclusive, in the currency's minor unit. */
  readonly limits: { readonly minimum: number; readonly maximum: number; readonly currency: Currency };
  /** Creates one payable object. Not idempotent: call it once per attempt. */
  open(request: OpenPayment): Promise<OpenOutcome>;
  /** Captures what the buyer has paid. Idempotent. */
  verify(request: SettlePayment): Promise<VerifyOutcome>;
  /** Where the payment stands, without changing it. */
  inquire(request: PaymentReference): Promise<InquiryOutcome>;
  /** Gives the whole captured amount back, shortly after the capture and free of charge. */
  reverse(request: PaymentReference): Promise<ReverseOutcome>;
}
