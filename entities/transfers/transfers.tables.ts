import { Transfer, TransferLine, TransferReceipt } from './transfer';

/** The tables of transfers. */
export const TRANSFER_TABLES = [Transfer, TransferLine, TransferReceipt];
