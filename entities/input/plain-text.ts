import type { FieldError } from '../errors';

const DEEPEST = 16;
/** More than any valid request has, and few enough to check each. */
const MOST_ENTRIES = 100;
/** Names that every object has, and the empty one. class-validator's whitelist overlooks them. */
const FORBIDDEN_KEYS = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype', '']);

/** Whether Postgres can store the text: no NUL character, no half of a surrogate pair. */
export function isPlainText(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/**
 * What is wrong with a parsed value whatever its class: text that cannot be stored, numbers that are not finite, keys that
 * reach into prototypes, nesting that is too deep, too many entries, lists with holes.
 */
export function findUnplain(
  value: unknown,
  where: FieldError['in'],
  path: readonly string[] = [],
): FieldError[] {
  const refuse = (rule: string, detail: string): FieldError[] => [
    { in: where, field: path.join('.'), rule, detail },
  ];
  if (typeof value === 'string') {
    return isPlainText(value) ? [] : refuse('plainText', 'must not hold NUL or broken characters');
  }
  if (typeof value === 'number')
    return Number.isFinite(value) ? [] : refuse('number', 'is too large a number');
  if (typeof value !== 'object' || value === null) return [];
  if (path.length >= DEEPEST) return refuse('depth', 'is nested too deeply');
  const entries = Object.entries(value);
  // No list takes one, and where classes are told apart by a field class-transformer would fail.
  if (Array.isArray(value) && value.includes(null)) return refuse('items', 'must not hold null');
  if (entries.length > MOST_ENTRIES) return refuse('entries', 'holds too many entries');
  return entries.flatMap(([key, inner]) =>
    FORBIDDEN_KEYS.has(key) || !isPlainText(key)
      ? refuse('key', 'holds a key that is not allowed')
      : findUnplain(inner, where, [...path, key]),
  );
}
