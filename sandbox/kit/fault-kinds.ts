import { json, JSON_TYPE, type Answer, type Outcome } from './answer';
import { anything, oneOf, orNull, texts, wholeNumber, type Schema, type Values } from './fields';
import { LONGEST_WAIT_MS, wait } from './wait';

/** A way in which an answer goes wrong. */
export interface FaultKind {
  /** What a fault of this kind may say beside `when`, `times`, `endpoint` and targets. */
  readonly fields: Schema;
  /** @param perform the true call, which has its effect when it runs */
  strike(fault: { readonly when: 'before' | 'after' }, perform: () => Promise<Answer>): Promise<Outcome>;
}

/** A kind that answers something else; with `when: after` the call takes effect first. */
export function replacing<S extends Schema>(fields: S, answer: (fault: Values<S>) => Outcome): FaultKind {
  return {
    fields,
    async strike(fault, perform) {
      if (fault.when === 'after') await perform();
      return answer(fault as unknown as Values<S>);
    },
  };
}

/** A kind that spoils the true answer: the call always takes effect. */
export function altering<S extends Schema>(
  fields: S,
  alter: (answer: Answer, fault: Values<S>) => Outcome,
): FaultKind {
  return {
    fields,
    strike: async (fault, perform) => alter(await perform(), fault as unknown as Values<S>),
  };
}

/** The HTTP status of a fault; null leaves the kind's own or the true one. */
export const FAULT_STATUS = orNull(wholeNumber(500, { least: 200, most: 999 }));

/** The faults that every provider has. `docs/add-a-sandbox-provider.md` has a table of them. */
export const KIT_FAULTS: Readonly<Record<string, FaultKind>> = {
  timeout: replacing({}, () => ({ hangUp: 'silence' })),
  reset: replacing({}, () => ({ hangUp: 'reset' })),
  html: replacing({ status: FAULT_STATUS }, ({ status }) => firewallPage(status ?? 502)),
  blank: replacing({ status: FAULT_STATUS }, ({ status }) => ({ status: status ?? 200 })),
  body: replacing({ status: FAULT_STATUS, body: anything() }, ({ status, body }) =>
    typeof body === 'string'
      ? { status: status ?? 200, type: 'text/plain; charset=utf-8', text: body }
      : json(status ?? 200, body),
  ),
  slow: {
    fields: { ms: wholeNumber(0, { most: LONGEST_WAIT_MS }) },
    async strike(fault, perform) {
      const { when, ms } = fault as { when: string; ms: number };
      if (when === 'before') await wait(ms);
      const answer = await perform();
      if (when === 'after') await wait(ms);
      return answer;
    },
  },
  truncated: altering({ status: FAULT_STATUS }, ({ status, type, text = '', bytes }, fault) => ({
    status: fault.status ?? status,
    type: type ?? JSON_TYPE,
    text: text.slice(0, Math.ceil(text.length / 2)),
    ...(bytes ? { bytes: bytes.subarray(0, Math.ceil(bytes.length / 2)) } : {}),
  })),
  misshapen: altering(
    { as: oneOf('same', 'list', 'null', 'text', 'wrapped', 'strings'), without: texts() },
    (answer, { as, without }) => {
      if (answer.type !== JSON_TYPE) return answer;
      const dropping = (name: string, value: unknown) => (without.includes(name) ? undefined : value);
      const value: unknown = JSON.parse(answer.text ?? 'null', dropping);
      return json(answer.status, SHAPES[as](value));
    },
  ),
};

const SHAPES = {
  same: (value: unknown) => value,
  list: (value: unknown) => [value],
  null: () => null,
  text: (value: unknown) => JSON.stringify(value),
  wrapped: (value: unknown) => ({ result: value }),
  strings: (value: unknown) =>
    JSON.parse(
      JSON.stringify(value, (_, part: unknown) =>
        typeof part === 'number' || typeof part === 'boolean' ? String(part) : part,
      ),
    ) as unknown,
} as const;

function firewallPage(status: number): Answer {
  const title = `<html><head><title>${status}</title></head>`;
  const text = `<!DOCTYPE html>${title}<body><center><h1>${status}</h1></center><hr></body></html>`;
  return { status, type: 'text/html; charset=utf-8', text };
}
