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
