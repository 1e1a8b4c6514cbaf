import { StockAlert } from './stock-alert';
import { StockNotice } from './stock-notice';
import { StockSubscription } from './stock-subscription';

/** The tables of alerts of stock. */
export const STOCK_ALERT_TABLES = [StockSubscription, StockAlert, StockNotice];
