import { isRecord, parseJson, readInteger } from '../../provider-json';

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
  const body = parseJson(text);
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
