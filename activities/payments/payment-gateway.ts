import type { Currency, Money } from '../../entities/values/money';
import type {
  Captured,
  InquiryOutcome,
  OpenOutcome,
  RefusalClass,
  ReverseOutcome,
  VerifyOutcome,
} from '../../workflows/payments/gateway.steps';

/**
 * What an answer of a gateway means for us, whatever words or numbers the provider uses:
 * `final` asked for something that will never be; `not_yet` not paid so far; `operator` an account or a setting that a
 * person must put right; `wait` too many calls, come back later; `unknown` nobody can tell what happened.
 */
export type FailureClass = RefusalClass | 'not_yet' | 'unknown';

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

/** A capture as the adapter reads it. */
export interface CapturedWithCard extends Captured {
  /** One-way hash of the card number: personal data, so it stops before the workflow. */
  readonly cardHash?: string;
}

/** {@link VerifyOutcome} as the adapter reads it. */
export type VerifyReading = Exclude<VerifyOutcome, Captured> | CapturedWithCard;

/** Amounts that a gateway takes, both inclusive, in the currency's minor unit. */
export interface GatewayLimits {
  readonly minimum: number;
  readonly maximum: number;
  readonly currency: Currency;
}

/**
 * A way to be paid. Adapters keep no state, decide by what the provider's body says, and answer with an outcome for
 * everything that a provider or a network can do. They throw for mistakes of the caller only.
 */
export interface PaymentGateway {
  /** As stored on attempts and used in addresses, for example `zarinpal`. */
  readonly name: string;
  readonly limits: GatewayLimits;
  /** Creates one payable object. Not idempotent: call it once per attempt. */
  open(request: OpenPayment): Promise<OpenOutcome>;
  /** Captures what the buyer has paid. Idempotent. */
  verify(request: SettlePayment): Promise<VerifyReading>;
  /** Where the payment stands, without changing it. */
  inquire(request: PaymentReference): Promise<InquiryOutcome>;
  /** Gives the whole captured amount back, shortly after the capture and free of charge. */
  reverse(request: PaymentReference): Promise<ReverseOutcome>;
}
