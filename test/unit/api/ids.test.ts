import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata';
import { expect, test } from 'vitest';

import { listRoutes } from '../../../api/openapi/shop-document';

const CAPITALS = '01A21C83-6D92-719B-9367-C12179188BE0';

/** The fields that hold ids in what routes read, by `Class.field`. Views are what routes answer. */
function idFields(): [string, ValidationMetadata][] {
  listRoutes();
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    readonly validationMetadatas: ReadonlyMap<() => void, readonly ValidationMetadata[]>;
  };
  return [...validationMetadatas.values()]
    .flat()
    .filter(({ name }) => name === 'isUuid')
    .map((it): [string, ValidationMetadata] => [
      `${(it.target as { name: string }).name}.${it.propertyName}`,
      it,
    ])
    .filter(([name]) => /(Input|Params|Query)\./.test(name));
}

// Ids are compared and hashed as text. A second spelling would get past every such comparison.
test('every id that a route reads becomes small letters', () => {
  const fields = idFields();
  expect(fields.length).toBeGreaterThan(50);
  const kept = fields.filter(([, { target, propertyName, each }]) => {
    const read = plainToInstance(target as new () => Record<string, unknown>, {
      [propertyName]: each ? [CAPITALS] : CAPITALS,
    });
    return String(read[propertyName]) !== CAPITALS.toLowerCase();
  });
  expect(kept.map(([name]) => name)).toEqual([]);
});
