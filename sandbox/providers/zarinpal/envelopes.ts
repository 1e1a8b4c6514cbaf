import { json, type Answer } from '../../kit/answer';
import { messageOf } from './codes';
import type { Refusal } from './refusal';
import type { Switches } from './switches';

/** The forms in which refusals were seen; `coded` is the documented one. */
export const REFUSAL_SHAPES = [
  'coded',
  'validation-list',
  'validation-message',
  'field-keyed',
  'errors-list',
] as const;

export type RefusalShape = (typeof REFUSAL_SHAPES)[number];

/** `{"data":…,"errors":[]}`: every success, always HTTP 200. */
export function success(data: Readonly<Record<string, unknown>>, switches: Switches): Answer {
  const coded = switches.stringCodes ? { ...data, code: String(data.code) } : data;
  return json(200, { data: coded, errors: [] });
}

/** The refusal with the status and shape of the switches' profile. */
export function refusalAnswer(refusal: Refusal, switches: Switches): Answer {
  const { status, shape } = statusAndShape(refusal.code, switches);
  return json(status, refusalBody(refusal, shape, switches));
}

/** The body of a refusal in one of the known shapes. */
export function refusalBody(
  refusal: Refusal,
  shape: RefusalShape,
  { emptyData, stringCodes }: Pick<Switches, 'emptyData' | 'stringCodes'>,
): unknown {
  const data = emptyData === 'list' ? [] : {};
  const code = stringCodes ? String(refusal.code) : refusal.code;
  const message = messageOf(refusal.code);
  const [first] = refusal.fields;
  switch (shape) {
    case 'coded':
      return { data, errors: { message, code, validations: [] } };
    case 'validation-list':
      return {
        data,
        errors: {
          code,
          message: 'The input params invalid, validation error.',
          validations: refusal.fields.map(({ field, text }) => ({ [field]: text })),
        },
      };
    case 'validation-message':
      return { data, errors: { message: first?.text ?? message, code, validations: [] } };
    case 'field-keyed':
      return { message, errors: { [first?.field ?? 'authority']: [message, String(refusal.code)] } };
    case 'errors-list':
      return { data, errors: [{ message, code, validations: [] }] };
  }
}

function statusAndShape(code: number, switches: Switches): { status: number; shape: RefusalShape } {
  const old = switches.errorProfile === 'legacy200';
  const coded = { status: old ? 200 : 401, shape: 'coded' } as const;
  if (code === -9) {
    return {
      status: switches.validationStatus ?? (old ? 200 : 422),
      shape: old ? 'validation-list' : 'validation-message',
    };
  }
  if (code === -12) return { ...coded, status: switches.rateLimitStatus ?? coded.status };
  const authorityShape = switches.authorityShape ?? (old ? 'coded' : 'field-keyed');
  if (code === -54 && authorityShape === 'field-keyed') return { status: 422, shape: 'field-keyed' };
  return coded;
}
