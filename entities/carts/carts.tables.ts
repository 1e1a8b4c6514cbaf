import { Cart } from './cart';
import { CartLine } from './cart-line';
import { CartRecipient } from './cart-recipient';

/** The tables of the carts. */
export const CART_TABLES = [Cart, CartLine, CartRecipient];
