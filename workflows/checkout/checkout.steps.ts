import type { BeginCapture, CaptureStart } from '../../entities/checkout/begin-capture';
import type { CloseAttempt } from '../../entities/checkout/close-attempt';
import type { CloseOrder } from '../../entities/checkout/close-order';
import type { ConfirmOrder } from '../../entities/checkout/confirm-order';
import type { MarkCallbacksProcessed } from '../../entities/checkout/mark-callbacks-processed';
import type { OpenAttempt, OpenedAttempt } from '../../entities/checkout/open-attempt';
import type { PlaceOrder } from '../../entities/checkout/place-order';
import type { RecordAuthority } from '../../entities/checkout/record-authority';
import type { RecordSurplus } from '../../entities/checkout/record-surplus';
import type { SurplusRefund } from '../../entities/checkout/refund-surplus';
import type { RefuseAttempt } from '../../entities/checkout/refuse-attempt';
import type { ReopenAttempt } from '../../entities/checkout/reopen-attempt';
import type { OrderState } from '../../entities/orders/order-state';

/** A step that happens once, whatever is repeated: the key is data, made by the workflow. */
export type Keyed<Input> = Input & { readonly key: string };

/** The order, and whether this very call placed it or found it placed. */
export interface PlacedOrder {
  readonly order: OrderState;
  readonly fresh: boolean;
}

/** Steps that change rows: one transaction each, safe to repeat, answered with the order as it is now. */
export interface CheckoutSteps {
  placeOrder(input: Keyed<PlaceOrder>): Promise<PlacedOrder>;
  readOrder(input: { readonly orderId: string }): Promise<OrderState | null>;
  openAttempt(input: Keyed<OpenAttempt>): Promise<OpenedAttempt>;
  recordAuthority(input: RecordAuthority): Promise<OrderState>;
  closeAttempt(input: CloseAttempt): Promise<OrderState>;
  beginCapture(input: BeginCapture): Promise<CaptureStart>;
  reopenAttempt(input: ReopenAttempt): Promise<OrderState>;
  markCallbacksProcessed(input: MarkCallbacksProcessed): Promise<OrderState>;
  confirmOrder(input: Keyed<ConfirmOrder>): Promise<OrderState>;
  refuseAttempt(input: RefuseAttempt): Promise<OrderState>;
  closeOrder(input: CloseOrder): Promise<OrderState | null>;
  recordSurplus(input: RecordSurplus): Promise<OrderState>;
  beginRefund(input: SurplusRefund): Promise<OrderState>;
  abandonRefund(input: SurplusRefund & { readonly failureCode: string }): Promise<OrderState>;
  recordRefunded(input: SurplusRefund): Promise<OrderState>;
}

/** No answer that decides anything: who must act, and what the provider said. */
export type Unclear =
  | { readonly kind: 'operator'; readonly code: string; readonly message: string }
  | { readonly kind: 'wait'; readonly code: string; readonly message: string; readonly retryAfterMs?: number }
  | { readonly kind: 'unknown'; readonly code?: string; readonly message: string };

export type NotPaid = { readonly kind: 'not_paid'; readonly code: string };
export type Rejected = { readonly kind: 'rejected'; readonly code: string; readonly message: string };

export type OpenAnswer =
  | {
      readonly kind: 'opened';
      readonly authority: string;
      readonly redirectUrl: string | null;
      readonly fee?: number;
    }
  | {
      readonly kind: 'refused';
      readonly class: 'final' | 'operator' | 'wait';
      readonly code: string;
      readonly message: string;
    }
  | { readonly kind: 'unknown'; readonly code?: string; readonly message: string };

export type VerifyAnswer =
  | { readonly kind: 'captured'; readonly refId: string; readonly cardPan?: string; readonly fee?: number }
  | NotPaid
  | Rejected
  | Unclear;

export type InquiryAnswer =
  | { readonly kind: 'status'; readonly status: 'paid' | 'captured' | 'pending' | 'failed' | 'reversed' }
  | NotPaid
  | Rejected
  | Unclear;

export type ReverseAnswer =
  | { readonly kind: 'reversed' }
  | {
      readonly kind: 'too_late' | 'bank_refused' | 'not_reversible';
      readonly code: string;
      readonly message: string;
    }
  | Rejected
  | Unclear;

/** A payment as its gateway knows it. */
export interface PaymentReference {
  readonly attemptId: string;
  readonly gateway: string;
  readonly authority: string;
}

/** Calls of a gateway: never inside a transaction, never keyed; what came of them is the attempt's row. */
export interface GatewayCalls {
  requestPayment(input: {
    readonly orderId: string;
    readonly orderNumber: number;
    readonly attemptId: string;
    readonly gateway: string;
    readonly amount: number;
  }): Promise<OpenAnswer>;
  verifyPayment(input: PaymentReference & { readonly amount: number }): Promise<VerifyAnswer>;
  inquirePayment(input: PaymentReference): Promise<InquiryAnswer>;
  reversePayment(input: PaymentReference): Promise<ReverseAnswer>;
}

/** Calls a person. */
export interface Alerts {
  raiseAlert(input: {
    readonly orderId: string;
    readonly problem: string;
    readonly code: string;
  }): Promise<void>;
}
