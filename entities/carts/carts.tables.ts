import { Cart } from './cart';
import { CartLine } from './cart-line';

/** The tables of the carts. */
export const CART_TABLES = [Cart, CartLine];
