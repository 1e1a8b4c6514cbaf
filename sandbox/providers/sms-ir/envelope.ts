import { json, type Answer } from '../../kit/answer';
import { FAULT_STATUS, replacing, type FaultKind } from '../../kit/fault-kinds';
import { orNull, wholeNumber } from '../../kit/fields';
import { httpStatusOf, Refusal } from './codes';
import type { Switches } from './switches';

/** A success. */
export function success(data: unknown, { successText: message }: Switches): Answer {
  return json(200, { status: 1, message, data });
}

/** A refusal, with the HTTP status of its class unless the switches say otherwise. */
export function refusalAnswer({ code, message }: Refusal, { httpMode }: Pick<Switches, 'httpMode'>): Answer {
  const status = httpMode === 'classes' ? httpStatusOf(code) : 200;
  return json(status, { status: code, message, data: null });
}

/** `code` refuses with any code, also those that nothing else brings about: 0, 118. */
export function smsIrFaults(switches: () => Switches): Readonly<Record<string, FaultKind>> {
  return {
    code: replacing(
      {
        code: wholeNumber(0, { most: 255 }),
        status: FAULT_STATUS,
        retryAfterSeconds: orNull(wholeNumber(0)),
      },
      ({ code, status, retryAfterSeconds }) => {
        const answer = refusalAnswer(new Refusal(code), switches());
        const headers: Record<string, string> =
          retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) };
        return { ...answer, status: status ?? answer.status, headers };
      },
    ),
  };
}
