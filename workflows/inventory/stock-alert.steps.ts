import type { StockTelling } from '../../entities/stock-alerts/tell-of-stock';

/** Each is one transaction or a few starts of workflows. A repetition tells nobody twice. */
export interface StockAlertSteps {
  noteStockCrossings(input: { readonly variantId: string }): Promise<void>;
  tellOfStock(input: { readonly variantId: string }): Promise<StockTelling>;
  /** Starts the workflow of each message. */
  startStockMessages(input: { readonly messageIds: readonly string[] }): Promise<void>;
}
