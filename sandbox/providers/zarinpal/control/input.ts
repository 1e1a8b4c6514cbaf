/** What the control API says instead of doing it. */
export class ControlProblem extends Error {
  override readonly name = 'ControlProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Body = Readonly<Record<string, unknown>>;

/** Throws 400 for names that the call does not know, so that a slip of the pen is not taken for a wish. */
export function onlyKnown(body: Body, known: readonly string[]): void {
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new ControlProblem(400, `unknown: ${unknown.join(', ')}; known: ${known.join(', ')}`);
}

/** One of the texts, or the fallback where nothing is given. */
export function choice<const T extends string, F>(
  body: Body,
  name: string,
  allowed: readonly T[],
  fallback: F,
): T | F {
  const value = body[name];
  if (value === undefined || value === null) return fallback;
  if (!allowed.includes(value as T)) throw new ControlProblem(400, `${name} is one of ${allowed.join(', ')}`);
  return value as T;
}

/** A whole number from `least` up, or the fallback. */
export function count<F>(body: Body, name: string, fallback: F, least = 0): number | F {
  const value = body[name];
  if (value === undefined || value === null) return fallback;
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw new ControlProblem(400, `${name} is a whole number from ${least}`);
  }
  return value as number;
}

/** True or false; false where nothing is given. */
export function flag(body: Body, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value !== 'boolean') throw new ControlProblem(400, `${name} is true or false`);
  return value;
}

/** A text, or the fallback. */
export function text<F>(body: Body, name: string, fallback: F): string | F {
  const value = body[name];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'string') throw new ControlProblem(400, `${name} is a text`);
  return value;
}

/** An instant as ISO 8601 or milliseconds since 1970. */
export function instant(value: unknown, name: string): number {
  const at = typeof value === 'string' ? Date.parse(value) : value;
  if (typeof at !== 'number' || !Number.isFinite(at)) throw new ControlProblem(400, `${name} is an instant`);
  return at;
}
