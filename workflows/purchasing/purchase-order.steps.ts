import type { PurchaseOrderState } from '../../entities/purchasing/purchase-order-state';
import type { OrderAt } from '../../entities/purchasing/submit-purchase-order';
import type { MessageAttempt, MessageOutcome } from '../../entities/purchasing/supplier-messages';

/** Steps of one transaction each. They compare and set, and return the order as it is now. */
export interface PurchaseOrderSteps {
  /** Null when Postgres does not know the order. */
  readPurchaseOrder(input: { readonly orderId: string }): Promise<PurchaseOrderState | null>;
  /** Ends the collecting of lines at the cut-off. */
  submitDueOrder(input: OrderAt): Promise<PurchaseOrderState>;
  recordMessageOutcome(
    input: MessageAttempt & { readonly outcome: MessageOutcome },
  ): Promise<PurchaseOrderState>;
  /** Checks the signatures of stored replies and applies the genuine ones. */
  judgeSupplierReplies(input: OrderAt): Promise<PurchaseOrderState>;
  remindAboutOrder(input: OrderAt): Promise<PurchaseOrderState>;
}

/** The call of a supplier. It runs outside transactions and has no step key, because its state is the message's row. */
export interface SupplierCalls {
  tellSupplier(input: MessageAttempt): Promise<MessageOutcome>;
}
