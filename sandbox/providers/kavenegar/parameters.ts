import { form, type Call } from '../../kit/call';
import { Refusal } from './codes';

/** The parameters of a call, from its query and its form alike. Letter case does not matter in names. */
export interface Parameters {
  has(name: string): boolean;
  /** The value, or undefined for an absent or empty one. */
  get(name: string): string | undefined;
  /** Throws 400 when it is absent and 406 when it is empty. */
  required(name: string): string;
  /** The items of a list, be it separated by commas or a repeated name. Throws like {@link required}. */
  list(name: string): string[];
  /** A list that may be absent. */
  optionalList(name: string): string[] | undefined;
  /** One of these words, in any case. Throws 400 for another. */
  word<T extends string>(name: string, words: readonly T[]): T | undefined;
  /** A whole number. Throws this code for anything else. */
  whole(name: string, code?: number): number | undefined;
  /** Seconds since 1970; 0 is none, as the official .NET client says it. Throws 417 for anything else, such as milliseconds. */
  seconds(name: string): number | undefined;
  /** All of them, for the journal. */
  all(): Readonly<Record<string, string>>;
}

const LONGEST_NUMBER = 15;
const LONGEST_SECONDS = 10;

/** Reads the parameters of a call. */
export function parametersOf(call: Pick<Call, 'url' | 'text' | 'method'>): Parameters {
  const values = new Map<string, string[]>();
  const isForm = call.method === 'POST';
  for (const [name, value] of [...call.url.searchParams, ...(isForm ? form(call) : [])]) {
    const lower = name.toLowerCase();
    const others = values.get(lower);
    if (others) others.push(value);
    else values.set(lower, [value]);
  }
  const get = (name: string) => values.get(name)?.find((value) => value !== '');

  function demand(name: string): void {
    if (!values.has(name)) throw new Refusal(400);
    if (get(name) === undefined) throw new Refusal(406);
  }

  function optionalList(name: string): string[] | undefined {
    const items = values.get(name)?.flatMap((value) => value.split(','));
    const trimmed = items?.map((item) => item.trim()).filter((item) => item !== '');
    return trimmed && trimmed.length > 0 ? trimmed : undefined;
  }

  function whole(name: string, code = 400, longest = LONGEST_NUMBER): number | undefined {
    const value = get(name)?.trim();
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value) || value.length > longest) throw new Refusal(code);
    return Number(value);
  }

  return {
    has: (name) => values.has(name),
    get,
    required(name) {
      demand(name);
      return get(name)!;
    },
    list(name) {
      demand(name);
      const items = optionalList(name);
      if (!items) throw new Refusal(406);
      return items;
    },
    optionalList,
    word(name, words) {
      const value = get(name)?.toLowerCase();
      const word = words.find((candidate) => candidate === value);
      if (value !== undefined && word === undefined) throw new Refusal(400);
      return word;
    },
    whole,
    seconds: (name) => whole(name, 417, LONGEST_SECONDS) || undefined,
    all: () => Object.fromEntries(Array.from(values, ([name, all]) => [name, all.join(',')])),
  };
}

const DAY_SECONDS = 86_400;

/** A span of days, in seconds since 1970. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether milliseconds since 1970 lie in a span. */
export function isWithin(at: number, { start, end }: Span): boolean {
  const seconds = Math.floor(at / 1_000);
  return start <= seconds && seconds <= end;
}

/** `startdate` to `enddate`. Throws 400 without a start, and 417 for one too old, a span too long or turned round. */
export function spanOf(
  parameters: Parameters,
  now: number,
  { longestDays = 1, oldestDays = Infinity }: { longestDays?: number; oldestDays?: number } = {},
): Span {
  const start = parameters.seconds('startdate');
  if (start === undefined) throw new Refusal(400);
  const end = parameters.seconds('enddate') ?? start + longestDays * DAY_SECONDS;
  const isOrdered = start <= end && end - start <= longestDays * DAY_SECONDS;
  if (!isOrdered || start < now / 1_000 - oldestDays * DAY_SECONDS) throw new Refusal(417);
  return { start, end };
}
