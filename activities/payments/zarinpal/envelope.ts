/** What a body says, in whichever of Zarinpal's envelopes it came. */
export interface Envelope {
  /** Undefined when the body has no code. */
  readonly code: number | undefined;
  /** Whether the code is in `data`, where a success has it. A 100 elsewhere is not a success. */
  readonly codeInData: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** The provider's sentences, joined. Empty when it gave none. */
  readonly message: string;
}

/**
 * Reads a response body. Undefined when it is not a JSON object. Zarinpal answers in several envelopes, with codes as
 * numbers or text. The code is the first readable one of `data.code`, `errors.code`, `errors[0].code`, and any list under
 * `errors`, where Laravel's field-keyed form puts it: `{"authority":["Invalid authority.","-54"]}`.
 */
export function readEnvelope(text: string): Envelope | undefined {
  const body = parse(text);
  if (!isRecord(body)) return undefined;
  const data = isRecord(body['data']) ? body['data'] : {};
  const errors = body['errors'];
  const inData = readInteger(data['code']);
  return {
    code: inData ?? codeAmong(errors),
    codeInData: inData !== undefined,
    data,
    message: sentences(isRecord(errors) ? errors : firstOf(errors)) || sentence(data) || sentence(body),
  };
}

/** An integer given as a number or as its decimal digits. Undefined for everything else. */
export function readInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*-?\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function codeAmong(errors: unknown): number | undefined {
  if (Array.isArray(errors)) return readInteger(firstOf(errors)?.['code']);
  if (!isRecord(errors)) return undefined;
  const lists = Object.values(errors).filter((value): value is unknown[] => Array.isArray(value));
  return readInteger(errors['code']) ?? lists.flat().map(readInteger).find(isNumber);
}

function sentences(errors: Record<string, unknown> | undefined): string {
  if (errors === undefined) return '';
  const details = Object.values(errors)
    .filter((value): value is unknown[] => Array.isArray(value))
    .flat()
    .flatMap((detail) => (isRecord(detail) ? Object.values(detail) : [detail]))
    .flat()
    .filter((detail): detail is string => typeof detail === 'string' && readInteger(detail) === undefined);
  return [sentence(errors), ...details].filter((text) => text !== '').join(' ');
}

function sentence(holder: Record<string, unknown>): string {
  const message = holder['message'];
  return typeof message === 'string' ? message.trim() : '';
}

function firstOf(errors: unknown): Record<string, unknown> | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return isRecord(first) ? first : undefined;
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(quoteLongIntegers(text));
  } catch {
    return undefined;
  }
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
