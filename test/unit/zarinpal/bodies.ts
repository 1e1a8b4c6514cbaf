/** Bodies as Zarinpal sends them, for tests of how the adapter reads them. */

export const AUTHORITY = 'A0000000000000000000000000000abc1234';

/** A success: `data` with the code, `errors` empty. */
export function buildSuccess(data: Record<string, unknown>): string {
  return JSON.stringify({ data: { code: 100, message: 'Success', ...data }, errors: [] });
}

/** Every shape in which an error code was seen or may come, by name. */
export function buildErrorShapes(code: number, message = 'Some sentence.'): [shape: string, body: string][] {
  const shapes: Record<string, unknown> = {
    'coded, data a list': { data: [], errors: { message, code, validations: [] } },
    'coded, data an object': { data: {}, errors: { message, code, validations: [] } },
    'coded, data null': { data: null, errors: { message, code, validations: [] } },
    'coded, data missing': { errors: { message, code, validations: [] } },
    'older validation': {
      data: [],
      errors: { code, message, validations: [{ description: 'It is required.' }] },
    },
    'newer validation': { data: [], errors: { message, code, validations: [] } },
    'field-keyed': { message, errors: { authority: ['Invalid authority.', String(code)] } },
    'field-keyed with a number': { message, errors: { authority: ['Invalid authority.', code] } },
    'field-keyed, pre-v4': { errors: { MerchantID: [message, String(code)] } },
    'list of objects': { data: [], errors: [{ code, message }] },
    'code in data': { data: { code, message }, errors: [] },
    'string code': { data: [], errors: { message, code: String(code), validations: [] } },
    'string code in data': { data: { code: String(code), message }, errors: [] },
    'string code in a list': { data: [], errors: [{ code: String(code), message }] },
  };
  return Object.entries(shapes).map(([shape, body]) => [shape, JSON.stringify(body)]);
}
