import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata';
import { expect, test } from 'vitest';

import { describeShop, listRoutes } from '../../../api/openapi/shop-document';

const CAPITALS = '01A21C83-6D92-719B-9367-C12179188BE0';

/** The rules of every class that a route reads or answers. */
function allRules(): readonly ValidationMetadata[] {
  listRoutes();
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    readonly validationMetadatas: ReadonlyMap<() => void, readonly ValidationMetadata[]>;
  };
  return [...validationMetadatas.values()].flat();
}

/** The fields that hold ids in what routes read, by `Class.field`. Views are what routes answer. */
function idFields(): [string, ValidationMetadata][] {
  return allRules()
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

interface DocumentedField {
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly { readonly type?: string }[];
}

// What describes a field as nullable does not let null pass.
test('null passes where the document says that it may be sent', () => {
  const { schemas } = describeShop().components as {
    schemas: Record<string, { properties?: Record<string, DocumentedField> }>;
  };
  const inputs = new Map(
    allRules().map(({ target }) => [(target as { name: string }).name, target as new () => object]),
  );
  const nullable = Object.entries(schemas).flatMap(([name, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([, { type, anyOf }]) => type?.includes('null') || anyOf?.some((it) => it.type === 'null'))
      .flatMap(([field]) => (name.endsWith('Input') ? [{ name, field }] : [])),
  );
  expect(nullable.length).toBeGreaterThan(10);
  const refused = nullable.filter(({ name, field }) => {
    const problems = validateSync(plainToInstance(inputs.get(name)!, { [field]: null }));
    return problems.some(({ property }) => property === field);
  });
  expect(refused).toEqual([]);
});
