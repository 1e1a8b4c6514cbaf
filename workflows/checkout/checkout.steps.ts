import type { CloseOrder } from '../../entities/orders/close-order';
import type { ConfirmOrder } from '../../entities/orders/confirm-order';
import type { OrderState } from '../../entities/orders/order-state';
import type { PlaceOrder } from '../../entities/orders/place-order';
import type { BeginCapture, CaptureStart } from '../../entities/payments/begin-capture';
import type { CloseAttempt } from '../../entities/payments/close-attempt';
import type { MarkCallbacksProcessed } from '../../entities/payments/mark-callbacks-processed';
import type { OpenAttempt, OpenedAttempt } from '../../entities/payments/open-attempt';
import type { RecordAuthority } from '../../entities/payments/record-authority';
import type { RecordSurplus } from '../../entities/payments/record-surplus';
import type { SurplusRefund } from '../../entities/payments/refund-surplus';
import type { RefuseAttempt } from '../../entities/payments/refuse-attempt';
import type { ReopenAttempt } from '../../entities/payments/reopen-attempt';

/** The input of a step that takes effect once, however often it runs. The workflow builds the key. */
export type Keyed<Input> = Input & { readonly key: string };

/** The order, and whether this call placed it or an earlier one did. */
export interface PlacedOrder {
  readonly order: OrderState;
  readonly fresh: boolean;
}

/** Steps that read or change rows. Each is one transaction, is safe to repeat, and returns the order as it is now. */
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
