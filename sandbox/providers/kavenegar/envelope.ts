import { json, type Answer } from '../../kit/answer';
import { replacing, FAULT_STATUS, type FaultKind } from '../../kit/fault-kinds';
import { wholeNumber } from '../../kit/fields';
import { Refusal } from './codes';
import type { Switches } from './switches';

/** A success. */
export function success(
  entries: unknown,
  { successText }: Switches,
  metadata?: Readonly<Record<string, string>>,
): Answer {
  const envelope = { return: { status: 200, message: successText }, entries };
  return json(200, metadata ? { ...envelope, metadata } : envelope);
}

/** A refusal. Its code is the HTTP status, too, unless the switches say otherwise. */
export function refusalAnswer(refusal: Refusal, { httpMode }: Pick<Switches, 'httpMode'>): Answer {
  const { code, message } = refusal;
  return json(httpMode === 'mirror' ? code : 200, { return: { status: code, message }, entries: null });
}

/** `code` refuses with any code, also those that nothing else brings about: 402, 409, 415, 429, 8xx. */
export function kavenegarFaults(switches: () => Switches): Readonly<Record<string, FaultKind>> {
  return {
    code: replacing(
      { code: wholeNumber(409, { least: 200, most: 999 }), status: FAULT_STATUS },
      ({ code, status }) => {
        const answer = refusalAnswer(new Refusal(code), switches());
        return { ...answer, status: status ?? answer.status };
      },
    ),
  };
}
