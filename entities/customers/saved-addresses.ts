import { isDeepStrictEqual } from 'node:util';

import type { EntityManager } from 'typeorm';

import { AppError, assertThat } from '../errors';
import { boolean, integer, jsonObject, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { lockOwnAccount } from './lock-own-account';
import type { Recipient } from './recipient';
import { RECIPIENT, RECIPIENT_AS_JSON, RECIPIENT_COLUMNS, recipientValues } from './recipient-columns';

export const ADDRESSES_AT_MOST = 20;

/** An address that a person keeps. */
export interface SavedAddress {
  readonly id: string;
  readonly version: number;
  readonly label: string | null;
  readonly isDefault: boolean;
  readonly recipient: Recipient;
}

const COLUMNS = `r.id, r.version, r.label, r.is_default AS "isDefault", ${RECIPIENT_AS_JSON} AS recipient`;

const SHAPE = {
  id: uuid,
  version: integer,
  label: nullable(text),
  isDefault: boolean,
  recipient: jsonObject(RECIPIENT),
};

const LIST = statement<SavedAddress>(
  `SELECT ${COLUMNS} FROM addresses r WHERE r.account_id = $1 ORDER BY r.created_at, r.id`,
  SHAPE,
);

const FIND = statement<SavedAddress>(
  `SELECT ${COLUMNS} FROM addresses r WHERE r.id = $1 AND r.account_id = $2`,
  SHAPE,
);

/** Those of one person, the oldest first. */
export async function readAddresses(manager: EntityManager, accountId: string): Promise<SavedAddress[]> {
  return rows(manager, LIST, [accountId]);
}

/** An address to keep. */
export interface SaveAddress {
  readonly accountId: string;
  readonly addressId: string;
  readonly label: string | null;
  /** True makes it the default one, in place of another. The first address is the default in any case. */
  readonly isDefault: boolean;
  readonly recipient: Recipient;
}

const UNSET_DEFAULT = statement(
  'UPDATE addresses SET is_default = false WHERE account_id = $1 AND is_default AND id <> $2',
);

const INSERT = statement(
  `INSERT INTO addresses (id, account_id, label, is_default, ${RECIPIENT_COLUMNS})
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text[], $11, $12, $13, $14)`,
);

/**
 * Keeps an address, once per id.
 *
 * @throws AppError `address.too_many`, `request.idempotency_key_reused`, `auth.session_over`
 */
export async function addAddress(
  transaction: Transaction,
  input: SaveAddress,
): Promise<{ readonly address: SavedAddress; readonly isNew: boolean }> {
  const { accountId, addressId } = input;
  await lockOwnAccount(transaction, accountId);
  const kept = await readAddresses(transaction, accountId);
  const known = kept.find(({ id }) => id === addressId);
  if (known) {
    // Its digest would say something of a person after an erasure, so the address itself is compared, unless it was changed since.
    const isSame =
      known.label === input.label &&
      isDeepStrictEqual(recipientValues(known.recipient), recipientValues(input.recipient));
    assertThat(isSame || known.version > 1, 'request.idempotency_key_reused');
    return { address: known, isNew: false };
  }
  if (kept.length >= ADDRESSES_AT_MOST) throw new AppError('address.too_many', { limit: ADDRESSES_AT_MOST });
  const isDefault = input.isDefault || kept.length === 0;
  if (isDefault) await rows(transaction, UNSET_DEFAULT, [accountId, addressId]);
  await rows(transaction, INSERT, [
    addressId,
    accountId,
    input.label,
    isDefault,
    ...recipientValues(input.recipient),
  ]);
  return { address: await requireAddress(transaction, input), isNew: true };
}

const UPDATE = statement(
  `UPDATE addresses SET version = version + 1, label = $3, is_default = is_default OR $4::boolean,
     (${RECIPIENT_COLUMNS}) = ROW ($5, $6, $7, $8, $9, $10::text[], $11, $12, $13, $14)
   WHERE id = $1 AND account_id = $2`,
);

/**
 * Replaces an address that nobody has changed since this version.
 *
 * @throws AppError `address.not_found`, `address.changed` with the version that it has, `auth.session_over`
 */
export async function changeAddress(
  transaction: Transaction,
  { version, ...input }: SaveAddress & { readonly version: number },
): Promise<SavedAddress> {
  const { accountId, addressId, isDefault } = input;
  await lockOwnAccount(transaction, accountId);
  const known = await requireAddress(transaction, input);
  if (known.version !== version) throw new AppError('address.changed', { version: known.version });
  if (isDefault) await rows(transaction, UNSET_DEFAULT, [accountId, addressId]);
  await rows(transaction, UPDATE, [
    addressId,
    accountId,
    input.label,
    isDefault,
    ...recipientValues(input.recipient),
  ]);
  return requireAddress(transaction, input);
}

const REMOVE = statement<{ isDefault: boolean }>(
  'DELETE FROM addresses WHERE id = $1 AND account_id = $2 RETURNING is_default AS "isDefault"',
  { isDefault: boolean },
);

const SET_NEWEST_DEFAULT = statement(
  `UPDATE addresses SET is_default = true
   WHERE id = (SELECT id FROM addresses WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1)`,
);

/**
 * Removes an address. The newest of the others takes the place of the default one.
 *
 * @throws AppError `address.not_found`, `auth.session_over`
 */
export async function removeAddress(
  transaction: Transaction,
  { accountId, addressId }: Pick<SaveAddress, 'accountId' | 'addressId'>,
): Promise<void> {
  await lockOwnAccount(transaction, accountId);
  const removed = await row(transaction, REMOVE, [addressId, accountId]);
  if (!removed) throw new AppError('address.not_found');
  if (removed.isDefault) await rows(transaction, SET_NEWEST_DEFAULT, [accountId]);
}

async function requireAddress(
  manager: EntityManager,
  { accountId, addressId }: Pick<SaveAddress, 'accountId' | 'addressId'>,
): Promise<SavedAddress> {
  const found = await row(manager, FIND, [addressId, accountId]);
  if (!found) throw new AppError('address.not_found');
  return found;
}
