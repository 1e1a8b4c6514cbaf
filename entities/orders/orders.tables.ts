import { Order } from './order';
import { OrderLine } from './order-line';

/** The tables of the orders. */
export const ORDER_TABLES = [Order, OrderLine];
