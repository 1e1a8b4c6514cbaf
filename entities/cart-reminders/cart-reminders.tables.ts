import { CartReminder } from './cart-reminder';

/** The tables of reminders of carts. */
export const CART_REMINDER_TABLES = [CartReminder];
