import { derivedId } from '../values/uuid';

/**
 * The id of the attempt that a cause makes: the placing (`first`), a buyer's request, or an attempt whose answer was lost. One
 * cause never makes two.
 */
export const attemptIdOf = (orderId: string, cause: string): string => derivedId('attempt', orderId, cause);
