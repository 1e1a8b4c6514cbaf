import {
  addAddress,
  changeAddress,
  readAddresses,
  removeAddress,
} from '../../entities/customers/saved-addresses';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { AddressInput, AddressParams, ChangeAddressInput } from './me.input';
import { AddressesView, AddressView } from './me.view';
import { recipientOf } from './recipient.input';

/** Addresses that a person keeps for later orders. */
export function addressesRoutes(
  router: CustomerRouter,
  { database, recipientRules }: Pick<Dependencies, 'database' | 'recipientRules'>,
): void {
  router.get(
    '/me/addresses',
    [
      describeRoute({
        operation: 'listAddresses',
        tag: 'me',
        summary: 'The addresses that the caller keeps, the oldest first',
        answers: { 200: AddressesView },
      }),
      may('address.read'),
    ],
    async (ctx) => {
      const items = await readAddresses(database.manager, ctx.state.caller.accountId);
      return { status: 200, body: { items } };
    },
  );

  router.post(
    '/me/addresses',
    [
      describeRoute({
        operation: 'addAddress',
        tag: 'me',
        summary: 'Keep an address',
        description: 'A repetition with the same key is answered with the address as it is now.',
        answers: { 201: AddressView, 200: AddressView },
        errors: ['address.too_many', 'request.idempotency_key_reused'],
      }),
      may('address.change'),
      requireIdempotencyKey(),
      validate(AddressInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey } = ctx.state;
      const { accountId } = caller;
      const { label = null, isDefault } = input;
      const recipient = recipientOf(input.recipient, recipientRules, 'recipient');
      const addressId = derivedId('address', accountId, idempotencyKey);
      const { address, isNew } = await withTransaction(database, (transaction) =>
        addAddress(transaction, { accountId, addressId, label, isDefault, recipient }),
      );
      return { status: isNew ? 201 : 200, body: address };
    },
  );

  router.put(
    '/me/addresses/:id',
    [
      describeRoute({
        operation: 'changeAddress',
        tag: 'me',
        summary: 'Replace an address that nobody has changed meanwhile',
        answers: { 200: AddressView },
        errors: ['address.changed'],
      }),
      may('address.change'),
      validateParams(AddressParams, 'address.not_found'),
      validate(ChangeAddressInput),
    ],
    async (ctx) => {
      const { caller, params, input } = ctx.state;
      const { label = null, isDefault, version } = input;
      const recipient = recipientOf(input.recipient, recipientRules, 'recipient');
      const kept = { accountId: caller.accountId, addressId: params.id, label, isDefault, recipient };
      const address = await withTransaction(database, (transaction) =>
        changeAddress(transaction, { ...kept, version }),
      );
      return { status: 200, body: address };
    },
  );

  router.delete(
    '/me/addresses/:id',
    [
      describeRoute({
        operation: 'removeAddress',
        tag: 'me',
        summary: 'Remove an address',
        description: 'The newest of the others takes the place of the default one. Orders keep their copies.',
        answers: { 204: 'The address is removed.' },
      }),
      may('address.change'),
      validateParams(AddressParams, 'address.not_found'),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      await withTransaction(database, (transaction) =>
        removeAddress(transaction, { accountId: caller.accountId, addressId: params.id }),
      );
      return { status: 204 };
    },
  );
}
