import { createHash } from 'node:crypto';

import { assertThat } from '../../entities/errors';
import { isUuid } from '../../entities/values/uuid';

/** Where a page ended: the sort key of its last product, and its id because keys repeat. */
export interface Position {
  readonly key: number;
  readonly id: string;
}

/** Rials, a score or milliseconds. With more digits it could be a time that Postgres does not support. */
const KEY = /^-?\d{1,14}$/;

/**
 * The position as a text. It carries a digest of the list's filters and sort, so that another list refuses the cursor
 * instead of skipping half of its products. It is not signed, because a forged cursor shows only a page of a public list.
 */
export function writeCursor(list: object, { key, id }: Position): string {
  return Buffer.from(`1.${digestOf(list)}.${key}.${id}`).toString('base64url');
}

/** @throws AppError `catalog.cursor_invalid` for anything but what {@link writeCursor} gave for the same list */
export function readCursor(list: object, cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [version, digest, key = '', id = '', ...rest] = text.split('.');
  const isOurs = version === '1' && digest === digestOf(list) && rest.length === 0 && isUuid(id);
  assertThat(isOurs && KEY.test(key), 'catalog.cursor_invalid');
  return { key: Number(key), id };
}

function digestOf(list: object): string {
  return createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 11);
}
