import { ValidationTypes, getMetadataStorage } from 'class-validator';

import type { FieldError } from '../errors';

/**
 * Lists where a class expects one object, and objects where it expects a list (`each`). class-validator accepts both, and the
 * handler would get a value that is not of its type.
 */
export function findMisplacedLists(
  value: object,
  where: FieldError['in'],
  path: readonly string[] = [],
): FieldError[] {
  return nestedFieldsOf(value).flatMap(({ propertyName, each }) => {
    const inner = (value as Record<string, unknown>)[propertyName];
    const innerPath = [...path, propertyName];
    if (typeof inner !== 'object' || inner === null) return [];
    if (Array.isArray(inner) !== each) {
      const detail = `${propertyName} must be ${each ? 'a list' : 'an object, not a list'}`;
      return [{ in: where, field: innerPath.join('.'), rule: each ? 'list' : 'object', detail }];
    }
    const items: [string[], unknown][] = Array.isArray(inner)
      ? inner.map((item, index) => [[...innerPath, String(index)], item])
      : [[innerPath, inner]];
    return items.flatMap(([itemPath, item]) => {
      if (typeof item !== 'object' || item === null) return [];
      if (!Array.isArray(item)) return findMisplacedLists(item, where, itemPath);
      return [
        { in: where, field: itemPath.join('.'), rule: 'object', detail: 'must be an object, not a list' },
      ];
    });
  });
}

function nestedFieldsOf(value: object): { propertyName: string; each: boolean }[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(value.constructor, '', false, false)
    .filter(({ type }) => type === ValidationTypes.NESTED_VALIDATION)
    .map(({ propertyName, each }: { propertyName: string; each?: boolean }) => {
      return { propertyName, each: each === true };
    });
}
