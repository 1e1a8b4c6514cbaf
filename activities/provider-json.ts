/** Reading what providers send as JSON, which is never quite what they document. */

/**
 * The value of a JSON text; undefined when it is not JSON. Integers that JavaScript would round come as text, so that two
 * long ids stay different.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(quoteLongIntegers(text));
  } catch {
    return undefined;
  }
}

/** An integer given as a number or as its decimal digits. Undefined for everything else. */
export function readInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*-?\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON.parse rounds integers above 2^53, and two rounded receipts can become equal. Integers that long are therefore
 * quoted first. The pattern matches whole strings and whole numbers, so it cannot change anything inside a string. A string
 * that never ends matches too. Otherwise each quote in it would be tried as a beginning, in quadratic time.
 */
function quoteLongIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) ? `"${token}"` : token,
  );
}
