import { afterAll, beforeAll, expect, test } from 'vitest';

import { persianText } from '../../entities/values/persian-text';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

/** The results of both normalisations for each text, where they differ. */
async function differences(texts: readonly string[]): Promise<object[]> {
  const inSql = await rows<{ text: string; made: string }>(
    shop.database.manager,
    'SELECT text, persian_text(text) AS made FROM unnest($1::text[]) AS text WHERE unicode_assigned(text)',
    [texts],
  );
  expect(inSql.length).toBeGreaterThan(0);
  return inSql
    .map(({ text, made }) => ({ text, inSql: made, inTypeScript: persianText(text) }))
    .filter(({ inSql: a, inTypeScript: b }) => a !== b);
}

test('SQL and TypeScript agree on every character that both know, between letters', async () => {
  const characters: string[] = [];
  for (let code = 1; code < 0x2_0000; code += 1) {
    const character = String.fromCodePoint(code);
    // Characters that Unicode assigned after the older of the two was built may differ.
    if (!/\p{Surrogate}|\p{Unassigned}/u.test(character)) characters.push(`a${character}ب`);
  }
  expect(characters.length).toBeGreaterThan(70_000);
  expect(await differences(characters)).toEqual([]);
});

test('SQL and TypeScript agree on random texts of difficult characters', async () => {
  const trouble = [...'یيىێےكکةهۀھآأإٱؤئءـ ًَُِّْٰ۰٩5Aé‌‍‏­﷼ﻻ«»،؛؟.-_\'"\\&|!:*()<>🎁\n\t ', 'کتاب', 'می', 'ABC'];
  let seed = 20260504;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((seed / 0x8000_0000) * below);
  };
  const texts = Array.from({ length: 5_000 }, () =>
    Array.from({ length: 1 + next(12) }, () => trouble[next(trouble.length)]!).join(''),
  );
  expect(await differences(texts)).toEqual([]);
});

async function vectorOf(text: string): Promise<string[]> {
  const found = await row<{ words: string[] }>(
    shop.database.manager,
    `SELECT array(SELECT unnest(tsvector_to_array(persian_vector($1, 'A')))) AS words`,
    [text],
  );
  return found!.words.toSorted();
}

test('the vector holds the words, and words with half-spaces also in one piece', async () => {
  expect(await vectorOf('گوشی‌هاي نو، می‌شود!')).toEqual(
    ['گوشی', 'های', 'نو', 'می', 'شود', 'گوشیهای', 'میشود'].toSorted(),
  );
});

test.each(['', '!!!', "it's", "a\\b 'c' :d* & | <->", 'x'.repeat(5_000), '\u200c\u200c', 'a\u200c b'])(
  'any text has a vector: %j',
  async (text) => {
    await vectorOf(text);
  },
);

test('a text of twenty thousand words has a vector', async () => {
  expect(await vectorOf(Array.from({ length: 9_000 }, (_, n) => `w${n}`).join(' '))).toHaveLength(9_000);
});

test('the sound of a text is the same in both alphabets and made of ASCII', async () => {
  const sounds = await row<object>(
    shop.database.manager,
    `SELECT persian_sound('سامسونگ') AS persian, persian_sound('Samsung') AS latin,
       persian_sound('زعفران') = persian_sound('ظعفران') AS same,
       persian_sound('پاوربانک ۲۰') ~ '^[ -~]*$' AS ascii`,
  );
  expect(sounds).toEqual({ persian: 'samsvng', latin: 'samsvng', same: true, ascii: true });
});

test('sounds have trigrams whatever the locale of the database', async () => {
  const found = await row<{ trigrams: string[] }>(
    shop.database.manager,
    `SELECT show_trgm(persian_sound('گوشی')) AS trigrams`,
  );
  expect(found!.trigrams).toHaveLength(5);
});
