import { StockCount, StockCountLine } from './stock-count';

/** The tables of counts. */
export const STOCKTAKING_TABLES = [StockCount, StockCountLine];
