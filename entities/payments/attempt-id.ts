import { derivedId } from '../values/uuid';

/**
 * The attempt that a cause always makes: the placing itself (`first`), a buyer's request, or an attempt whose answer got
 * lost. The same cause never makes two.
 */
export const attemptIdOf = (orderId: string, cause: string): string => derivedId('attempt', orderId, cause);
