import type { AmountLimits } from '../../entities/checkout/amount-limits';
import type { Money } from '../../entities/values/money';
import type {
  Captured,
  InquiryOutcome,
  OpenOutcome,
  RefusalClass,
  ReverseOutcome,
  VerifyOutcome,
} from '../../workflows/payments/gateway.steps';

/**
 * What a gateway's answer means for us, whatever words or numbers the provider uses: a {@link RefusalClass}, `not_yet` (not
 * paid so far) or `unknown` (the call may or may not have taken effect).
 */
export type FailureClass = RefusalClass | 'not_yet' | 'unknown';

/** A payment to open. The amount is the attempt's frozen amount. Nothing here identifies the buyer. */
export interface OpenPayment {
  readonly attemptId: string;
  readonly orderId: string;
  readonly amount: Money;
  /** What the buyer reads on the pay page. Adapters shorten it to what their provider allows. */
  readonly description: string;
  /** The absolute http(s) address that the buyer's browser comes back to. */
  readonly callbackUrl: string;
}

/** What identifies an opened payment to its gateway. */
export interface PaymentReference {
  readonly attemptId: string;
  /** The provider's name for the payment, exactly as `open` returned it. */
  readonly authority: string;
}

/** A payment to capture, with the amount that was frozen when it was opened and never with a recomputed total. */
export interface SettlePayment extends PaymentReference {
  readonly amount: Money;
}

/** A capture as the adapter reads it. */
export interface CapturedWithCard extends Captured {
  /** A one-way hash of the card number. It is personal data, so workflows never get it. */
  readonly cardHash?: string;
}

/** {@link VerifyOutcome} as the adapter reads it. */
export type VerifyReading = Exclude<VerifyOutcome, Captured> | CapturedWithCard;

/**
 * A way to be paid. Adapters keep no state, decide by the provider's body, and answer with an outcome for everything that a
 * provider or a network can do. They throw only for mistakes of the caller.
 */
export interface PaymentGateway {
  /** As stored on attempts and used in addresses, for example `zarinpal`. */
  readonly name: string;
  readonly limits: AmountLimits;
  /** Creates one payable object. Not idempotent: call it once per attempt. */
  open(request: OpenPayment): Promise<OpenOutcome>;
  /** Captures what the buyer has paid. Idempotent. */
  verify(request: SettlePayment): Promise<VerifyReading>;
  /** Reads where the payment stands. */
  inquire(request: PaymentReference): Promise<InquiryOutcome>;
  /** Reverses the whole captured amount. Possible shortly after the capture, and free of charge. */
  reverse(request: PaymentReference): Promise<ReverseOutcome>;
}
