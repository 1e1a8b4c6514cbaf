import { expect, test } from 'vitest';

import { readCursor, writeCursor } from '../../../api/catalog/cursor';
import { AppError } from '../../../entities/errors';
import { newId } from '../../../entities/values/uuid';

const LIST = { category: 'digital', sort: 'price' };
const position = { key: 298_500_000, id: newId() };

test('what was written is read', () => {
  expect(readCursor(LIST, writeCursor(LIST, position))).toEqual(position);
});

test('a position before 1970 is one', () => {
  const early = { ...position, key: -5 };
  expect(readCursor(LIST, writeCursor(LIST, early))).toEqual(early);
});

const inside = (text: string) => Buffer.from(text).toString('base64url');
const [, digest] = Buffer.from(writeCursor(LIST, position), 'base64url').toString().split('.');

test.each([
  ['of another list', writeCursor({ ...LIST, sort: '-price' }, position)],
  ['of another version', inside(`2.${digest}.1.${position.id}`)],
  ['with a key that is no number', inside(`1.${digest}.x.${position.id}`)],
  ['with a key beyond the safe integers', inside(`1.${digest}.9999999999999999.${position.id}`)],
  ['of a time that no calendar has', inside(`1.${digest}.-900000000000000.${position.id}`)],
  ['with an id that is none', inside(`1.${digest}.1.nobody`)],
  ['with more to it', inside(`1.${digest}.1.${position.id}.2`)],
  ['cut short', writeCursor(LIST, position).slice(0, -4)],
  ['of nothing', ''],
  ['of noise', '%%%'],
])('a cursor %s is refused', (_what, cursor) => {
  expect(() => readCursor(LIST, cursor)).toThrow(AppError);
});
