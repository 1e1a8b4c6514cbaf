import { Order } from './order';
import { OrderLine } from './order-line';
import { OrderRecipient } from './order-recipient';

/** The tables of the orders. */
export const ORDER_TABLES = [Order, OrderLine, OrderRecipient];
