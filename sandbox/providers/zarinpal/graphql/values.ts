import type { Field } from './document';
import { GraphqlProblem } from './problem';

/** The text of an ID or String argument; undefined when absent or null. Throws {@link GraphqlProblem}. */
export function textOf({ values }: Field, name: string): string | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new GraphqlProblem(`Variable "$${name}" got invalid value.`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A whole number, also given as text (BigInteger); undefined when absent or null. Throws {@link GraphqlProblem}. */
export function integerOf(field: Field, name: string): number | undefined {
  const value = textOf(field, name);
  if (value === undefined) return undefined;
  if (!/^-?\d{1,15}$/.test(value)) throw new GraphqlProblem(`The ${name} must be an integer.`);
  return Number(value);
}

/** One of an enum's values; undefined when absent or null. Throws {@link GraphqlProblem}. */
export function enumOf<const T extends string>(
  field: Field,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = textOf(field, name);
  if (value === undefined) return undefined;
  if (!allowed.includes(value as T)) {
    throw new GraphqlProblem(
      `Variable "$${name}" got invalid value "${value}"; it is one of ${allowed.join(', ')}.`,
    );
  }
  return value as T;
}

/** Zarinpal writes instants like `2020-07-01T17:33:25.000000Z`; null stays null. */
export function timeOf(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
