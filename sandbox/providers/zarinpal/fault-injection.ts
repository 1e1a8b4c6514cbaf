import { refusalBody } from './envelopes';
import type { Fault } from './faults';
import { Refusal } from './refusal';
import { jsonReply, type AnswerReply, type Reply } from './reply';
import type { Switches } from './switches';
import { wait } from './wait';

type Shaping = Pick<Switches, 'emptyData' | 'stringCodes'>;

/** Answers a call as the fault demands; `perform` is the true call and has its effect when it is run. */
export async function withFault(
  fault: Fault,
  switches: Switches,
  perform: () => AnswerReply | Promise<AnswerReply>,
): Promise<Reply> {
  if (fault.kind === 'slow') return slowly(fault, perform);
  const shaping = {
    emptyData: fault.data ?? switches.emptyData,
    stringCodes: fault.stringCodes || switches.stringCodes,
  };
  if (fault.kind === 'reshape') return reshaped(fault, await perform(), shaping);
  if (fault.kind === 'truncated') return brokenOff(fault, await perform());
  if (fault.when === 'after') await perform();
  switch (fault.kind) {
    case 'timeout':
      return { hangUp: 'silence' };
    case 'reset':
      return { hangUp: 'reset' };
    case 'html':
      return firewallPage(fault.status ?? 502);
    case 'code': {
      const body = refusalBody(new Refusal(fault.code ?? -52), fault.shape ?? 'coded', shaping);
      return jsonReply(fault.status ?? usualStatus(fault, switches), body);
    }
    case 'empty':
      return jsonReply(fault.status ?? 200, { data: shaping.emptyData === 'list' ? [] : {}, errors: [] });
    case 'body':
      return typeof fault.body === 'string'
        ? { status: fault.status ?? 200, type: 'text/plain; charset=utf-8', text: fault.body }
        : jsonReply(fault.status ?? 200, fault.body ?? null);
  }
}

async function slowly(fault: Fault, perform: () => AnswerReply | Promise<AnswerReply>): Promise<Reply> {
  if (fault.when === 'before') await wait(fault.ms);
  const reply = await perform();
  if (fault.when === 'after') await wait(fault.ms);
  return reply;
}

function brokenOff(fault: Fault, { status, type, text = '' }: AnswerReply): Reply {
  const half = text.slice(0, Math.ceil(text.length / 2));
  return { status: fault.status ?? status, type: type ?? 'application/json', text: half };
}

function reshaped(fault: Fault, reply: AnswerReply, shaping: Shaping): Reply {
  if (reply.type !== 'application/json') return reply;
  const body = JSON.parse(reply.text ?? 'null') as { data?: Record<string, unknown>; errors?: unknown };
  const code = fault.code ?? refusedCode(body.errors);
  if (code !== undefined) {
    const status = fault.status ?? (isValidationLike(fault) ? 422 : reply.status);
    return jsonReply(status, refusalBody(new Refusal(code), fault.shape ?? 'coded', shaping));
  }
  const data = shaping.stringCodes && body.data ? { ...body.data, code: String(body.data.code) } : body.data;
  return jsonReply(fault.status ?? reply.status, {
    data,
    errors: fault.data === 'object' ? {} : body.errors,
  });
}

/** The code of a true refusal, whatever shape the profile gave it; undefined for a success. */
function refusedCode(errors: unknown): number | undefined {
  if (!errors || typeof errors !== 'object' || (Array.isArray(errors) && errors.length === 0))
    return undefined;
  if ('code' in errors) return Number(errors.code);
  const [texts] = Object.values(errors) as string[][];
  return Number(texts?.at(-1));
}

function usualStatus(fault: Fault, switches: Switches): number {
  if (switches.errorProfile === 'legacy200') return 200;
  return isValidationLike(fault) ? 422 : 401;
}

function isValidationLike({ shape }: Fault): boolean {
  return shape === 'field-keyed' || shape === 'validation-list' || shape === 'validation-message';
}

function firewallPage(status: number): Reply {
  const title = `<html><head><title>${status}</title></head>`;
  const text = `<!DOCTYPE html>${title}<body><center><h1>${status}</h1></center><hr></body></html>`;
  return { status, type: 'text/html; charset=utf-8', text };
}
