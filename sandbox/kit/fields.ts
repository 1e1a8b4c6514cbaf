import { RequestProblem } from './problem';

/** One named value of an input: what it accepts, in code and in words, and what an absent one means. */
export interface Field<T> {
  readonly fallback: T;
  readonly expected: string;
  /** The value, or undefined when it is not acceptable. */
  read(value: unknown): T | undefined;
}

/** The fields of one input by name. */
export type Schema = Readonly<Record<string, Field<unknown>>>;

/** What a schema reads. */
export type Values<S extends Schema> = { readonly [Name in keyof S]: S[Name]['fallback'] };

type Body = Readonly<Record<string, unknown>>;

const LONGEST_MS = 10 * 365 * 24 * 3_600_000;
const LAST_INSTANT = Date.UTC(9999, 11, 31);

/** One of these values; the first is the fallback. */
export function oneOf<const T extends string | number | boolean | null>(
  ...allowed: readonly [T, ...T[]]
): Field<T> {
  return {
    fallback: allowed[0],
    expected: `one of ${allowed.map(String).join(', ')}`,
    read: (value) => allowed.find((candidate) => candidate === value),
  };
}

/** A whole number within the limits. */
export function wholeNumber(
  fallback: number,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { least?: number; most?: number } = {},
): Field<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  return {
    fallback,
    expected: `a whole number ${range}`,
    read: (value) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
        ? (value as number)
        : undefined,
  };
}

/** Milliseconds, at most ten years of them. */
export function duration(fallbackMs: number): Field<number> {
  return wholeNumber(fallbackMs, { most: LONGEST_MS });
}

/** True or false. */
export function flag(fallback = false): Field<boolean> {
  return {
    fallback,
    expected: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}

/** A text. */
export function text(fallback = ''): Field<string> {
  return { fallback, expected: 'a text', read: (value) => (typeof value === 'string' ? value : undefined) };
}

/** A list of texts. */
export function texts(fallback: readonly string[] = []): Field<readonly string[]> {
  return {
    fallback,
    expected: 'a list of texts',
    read: (value) =>
      Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined,
  };
}

/** An instant as ISO 8601 or milliseconds since 1970, at most in the year 9999. */
export function instant(): Field<number> {
  return {
    fallback: 0,
    expected: 'an instant',
    read(value) {
      const at = typeof value === 'string' ? Date.parse(value) : value;
      return typeof at === 'number' && Math.abs(at) <= LAST_INSTANT ? at : undefined;
    },
  };
}

/** Anything that JSON can say. */
export function anything(): Field<unknown> {
  return { fallback: null, expected: 'any JSON', read: (value) => value };
}

/** The field, or null; an absent one is null unless a fallback is given. */
export function orNull<T>(field: Field<T>, fallback: T | null = null): Field<T | null> {
  return {
    fallback,
    expected: `${field.expected}, or null`,
    read: (value) => (value === null ? null : field.read(value)),
  };
}

/** Reads a whole input. Throws 400 for an unknown name, so that a typing error is noticed, and for a wrong value. */
export function readFields<S extends Schema>(schema: S, body: Body): Values<S> {
  return { ...fallbacksOf(schema), ...readChange(schema, body) };
}

/** What an empty input says. */
export function fallbacksOf<S extends Schema>(schema: S): Values<S> {
  const fallbacks = Object.entries(schema).map(([name, { fallback }]) => [name, fallback]);
  return Object.fromEntries(fallbacks) as Values<S>;
}

/** Reads the fields that are there. Throws 400 like {@link readFields}. */
export function readChange<S extends Schema>(schema: S, body: Body): Partial<Values<S>> {
  const wrong = wrongFields(schema, body);
  const unknown = wrong.filter((name) => !Object.hasOwn(schema, name));
  if (unknown.length > 0) {
    throw new RequestProblem(400, `unknown: ${unknown.join(', ')}; known: ${Object.keys(schema).join(', ')}`);
  }
  if (wrong.length > 0) {
    throw new RequestProblem(400, wrong.map((name) => `${name} is ${schema[name]!.expected}`).join('; '));
  }
  const values = Object.entries(body).map(([name, value]) => [name, schema[name]!.read(value)]);
  return Object.fromEntries(values) as Partial<Values<S>>;
}

/** The names in a body that the schema does not know or whose value it does not accept. */
export function wrongFields(schema: Schema, body: Body): string[] {
  return Object.keys(body).filter(
    (name) => !Object.hasOwn(schema, name) || schema[name]!.read(body[name]) === undefined,
  );
}

/** Reads the query of an address, in which a number is written as text. Throws 400 like {@link readFields}. */
export function readQuery<S extends Schema>(schema: S, query: URLSearchParams): Values<S> {
  const body = [...query].map(([name, value]) => {
    const isText = !Object.hasOwn(schema, name) || schema[name]!.read(value) !== undefined;
    return [name, isText ? value : Number(value)];
  });
  return readFields(schema, Object.fromEntries(body) as Body);
}
