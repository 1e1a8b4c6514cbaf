import type { Recipient } from '../../entities/customers/recipient';
import { readAddresses } from '../../entities/customers/saved-addresses';
import { AppError } from '../../entities/errors';
import { invalidRequest } from '../../entities/problem';
import type { Dependencies } from '../dependencies';
import { recipientOf } from '../me/recipient.input';
import type { HeldCart } from './cart-holder';
import type { PutRecipientInput } from './recipient.input';

/**
 * The recipient that a caller gives, or that of a saved address of theirs. What is in the cart afterwards is a copy.
 *
 * @throws AppError `request.invalid` without exactly one of them, `address.not_found` for another person's address
 */
export async function chosenRecipient(
  { database, recipientRules }: Pick<Dependencies, 'database' | 'recipientRules'>,
  { callerId }: Pick<HeldCart, 'callerId'>,
  { recipient, addressId }: PutRecipientInput,
): Promise<Recipient> {
  if ((recipient === undefined) === (addressId === undefined)) {
    const detail = 'must be there without addressId, or addressId without it';
    throw invalidRequest([{ in: 'body', field: 'recipient', rule: 'one_of', detail }]);
  }
  if (recipient) return recipientOf(recipient, recipientRules, 'recipient');
  const saved = callerId === null ? [] : await readAddresses(database.manager, callerId);
  const address = saved.find(({ id }) => id === addressId);
  if (!address) throw new AppError('address.not_found');
  return address.recipient;
}
