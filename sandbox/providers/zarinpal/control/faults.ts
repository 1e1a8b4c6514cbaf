import type { ControlCall } from '../control';
import { FAULT_ENDPOINTS, FAULT_KINDS, type Fault } from '../faults';
import { maskMerchant } from '../mask';
import type { Sandbox } from '../sandbox';
import { choice, ControlProblem, count, flag, onlyKnown, text } from './input';

const SHAPES = ['coded', 'validation-list', 'validation-message', 'field-keyed', 'errors-list'] as const;
const FIELDS = [
  'kind',
  'endpoint',
  'authority',
  'merchantId',
  'times',
  'when',
  'ms',
  'code',
  'status',
  'shape',
  'data',
  'stringCodes',
  'body',
];

/** `/_sandbox/faults`: GET lists, POST adds, DELETE clears all, DELETE `/:id` clears one. */
export function answerFaultControl(sandbox: Sandbox, { method, rest: [id], body }: ControlCall): unknown {
  if (method === 'POST') return shown(sandbox.faults.add(readFault(body)));
  if (method === 'DELETE') sandbox.faults.clear(id === undefined ? undefined : Number(id));
  else if (method !== 'GET') throw new ControlProblem(405, 'use GET, POST or DELETE');
  return { faults: sandbox.faults.all().map(shown) };
}

function readFault(body: ControlCall['body']): Omit<Fault, 'id'> {
  onlyKnown(body, FIELDS);
  const kind = choice(body, 'kind', FAULT_KINDS, undefined);
  if (kind === undefined) throw new ControlProblem(400, `kind is one of ${FAULT_KINDS.join(', ')}`);
  const code = body.code ?? null;
  if (code !== null && !Number.isSafeInteger(code)) throw new ControlProblem(400, 'code is a whole number');
  return {
    kind,
    endpoint: choice(body, 'endpoint', FAULT_ENDPOINTS, null),
    authority: text(body, 'authority', null),
    merchantId: text(body, 'merchantId', null),
    // Absent: the next call only. Null, said aloud: until cleared.
    times: body.times === null ? null : count(body, 'times', 1, 1),
    when: choice(body, 'when', ['before', 'after'], 'before'),
    ms: count(body, 'ms', 0),
    code: code as number | null,
    status: count(body, 'status', null, 100),
    shape: choice(body, 'shape', SHAPES, null),
    data: choice(body, 'data', ['list', 'object'], null),
    stringCodes: flag(body, 'stringCodes'),
    body: body.body ?? null,
  };
}

function shown(fault: Fault): unknown {
  return { ...fault, merchantId: fault.merchantId === null ? null : maskMerchant(fault.merchantId) };
}
