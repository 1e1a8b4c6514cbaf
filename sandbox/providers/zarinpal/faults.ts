import { json, JSON_TYPE, type Answer } from '../../kit/answer';
import { altering, FAULT_STATUS, replacing, type FaultKind } from '../../kit/fault-kinds';
import { flag, oneOf, orNull, wholeNumber, type Values } from '../../kit/fields';
import { REFUSAL_SHAPES, refusalBody, type RefusalShape } from './envelopes';
import { Refusal } from './refusal';
import type { Switches } from './switches';

const ANY_CODE = { least: -999_999, most: 999_999 };
const SHAPING = {
  status: FAULT_STATUS,
  code: orNull(wholeNumber(0, ANY_CODE)),
  shape: oneOf(...REFUSAL_SHAPES),
  /** `data` in refusals and empty answers. */
  data: orNull(oneOf('list', 'object')),
  stringCodes: flag(),
};

type Shaping = Values<typeof SHAPING>;

/**
 * What goes wrong in Zarinpal's own way: `code` refuses with a code, `reshape` gives the true answer in an odd shape,
 * `empty` is HTTP 200 without data and without a code.
 */
export function zarinpalFaults(switches: () => Switches): Readonly<Record<string, FaultKind>> {
  const shaped = ({ data, stringCodes }: Shaping) => ({
    emptyData: data ?? switches().emptyData,
    stringCodes: stringCodes || switches().stringCodes,
  });
  return {
    code: replacing(SHAPING, (fault) => {
      const usual = switches().errorProfile === 'legacy200' ? 200 : statusOf(fault.shape, 401);
      const body = refusalBody(new Refusal(fault.code ?? -52), fault.shape, shaped(fault));
      return json(fault.status ?? usual, body);
    }),
    reshape: altering(SHAPING, (answer, fault) =>
      answer.type === JSON_TYPE ? reshaped(answer, fault, shaped(fault)) : answer,
    ),
    empty: replacing({ status: FAULT_STATUS, data: SHAPING.data }, ({ status, data }) => {
      const isList = (data ?? switches().emptyData) === 'list';
      return json(status ?? 200, { data: isList ? [] : {}, errors: [] });
    }),
  };
}

function reshaped(answer: Answer, fault: Shaping, shaping: Parameters<typeof refusalBody>[2]): Answer {
  const { data, errors } = JSON.parse(answer.text ?? '{}') as { data?: object; errors?: unknown };
  const code = fault.code ?? refusedCode(errors);
  if (code !== undefined) {
    const status = fault.status ?? statusOf(fault.shape, answer.status);
    return json(status, refusalBody(new Refusal(code), fault.shape, shaping));
  }
  const shapedData =
    shaping.stringCodes && data && 'code' in data ? { ...data, code: String(data.code) } : data;
  const shapedErrors = fault.data === 'object' ? {} : errors;
  return json(fault.status ?? answer.status, { data: shapedData, errors: shapedErrors });
}

/** The code of a true refusal, whatever shape the profile gave it; undefined for a success. */
function refusedCode(errors: unknown): number | undefined {
  if (!errors || typeof errors !== 'object' || (Array.isArray(errors) && errors.length === 0))
    return undefined;
  if ('code' in errors) return Number(errors.code);
  const [texts] = Object.values(errors) as string[][];
  return Number(texts?.at(-1));
}

function statusOf(shape: RefusalShape, coded: number): number {
  return shape === 'coded' || shape === 'errors-list' ? coded : 422;
}
