import type { Call } from '../../kit/call';
import { Refusal } from './codes';

/** Named values of a call. Letter case of the names does not matter. */
export interface Input {
  get(name: string): unknown;
}

/** The JSON object of the body; an empty body is an empty one. Throws 16 for anything else. */
export function bodyOf({ text, json }: Pick<Call, 'text' | 'json'>): Input {
  if (Object.keys(json).length === 0 && !/^\s*(\{\s*\})?\s*$/.test(text)) throw new Refusal(16);
  return inputOf(json);
}

/** The same, for what only wants to know whom a call concerns: it never throws. */
export function looseBodyOf({ json }: Pick<Call, 'json'>): Input {
  return inputOf(json);
}

/** The query. A name that is given several times has its first value. */
export function queryOf({ url }: Pick<Call, 'url'>): Input {
  return inputOf(Object.fromEntries([...url.searchParams].toReversed()));
}

/** Any JSON object. */
export function inputOf(object: Readonly<Record<string, unknown>>): Input {
  const values = new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));
  return { get: (name) => values.get(name.toLowerCase()) };
}

/** A text; a number counts as its digits. Undefined for what is absent or null. Throws 16 for anything else. */
export function textOf(input: Input, name: string): string | undefined {
  const value = input.get(name) ?? undefined;
  if (typeof value === 'number') return String(value);
  if (value !== undefined && typeof value !== 'string') throw new Refusal(16);
  return value;
}

/** A list of texts; an empty one for what is absent or null. Throws 16 for anything else. */
export function textsOf(input: Input, name: string): readonly string[] {
  const values = input.get(name) ?? [];
  if (!Array.isArray(values)) throw new Refusal(16);
  return values.map((value: unknown) => textOf({ get: () => value ?? '' }, name)!);
}

/** A whole number, also as digits. Undefined for what is absent, null or empty. Throws 16 for anything else. */
export function wholeOf(input: Input, name: string, least = 0): number | undefined {
  const text = textOf(input, name)?.trim();
  if (text === undefined || text === '') return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (number < least) throw new Refusal(16);
  return number;
}

/** A number in a query whose plus sign the caller did not encode: it is read as a space. */
export function plusKept(number: string): string {
  return number.replace(/^ /, '+');
}
