import type { CallbackRule } from '../callback-rules';
import type { ControlCall } from '../control';
import { maskMerchant } from '../mask';
import type { Sandbox } from '../sandbox';
import { choice, ControlProblem, count, flag, onlyKnown, text } from './input';

const FIELDS = [
  'authority',
  'merchantId',
  'times',
  'suppress',
  'delayMs',
  'copies',
  'hold',
  'reorder',
  'parameterCase',
  'status',
];

/**
 * `/_sandbox/callbacks`: GET lists rules and what is held back, POST adds a rule, DELETE clears both,
 * POST `/release` loads what is held back.
 */
export async function answerCallbackControl(sandbox: Sandbox, call: ControlCall): Promise<unknown> {
  const { method, rest, body } = call;
  const { callbacks } = sandbox;
  if (method === 'POST' && rest[0] === 'release') {
    onlyKnown(body, ['order']);
    return { deliveries: await callbacks.release(choice(body, 'order', ['reverse', 'as-held'], 'as-held')) };
  }
  if (method === 'POST') return shown(callbacks.rules.add(readRule(body)));
  if (method === 'DELETE') callbacks.clear();
  else if (method !== 'GET') throw new ControlProblem(405, 'use GET, POST or DELETE');
  return { rules: callbacks.rules.all().map(shown), held: callbacks.held() };
}

function readRule(body: ControlCall['body']): Omit<CallbackRule, 'id'> {
  onlyKnown(body, FIELDS);
  return {
    authority: text(body, 'authority', null),
    merchantId: text(body, 'merchantId', null),
    times: body.times === null ? null : count(body, 'times', 1, 1),
    suppress: flag(body, 'suppress'),
    delayMs: count(body, 'delayMs', 0),
    copies: count(body, 'copies', 1, 1),
    hold: flag(body, 'hold'),
    reorder: count(body, 'reorder', null, 2),
    parameterCase: choice(body, 'parameterCase', ['usual', 'lower', 'upper'], 'usual'),
    status: choice(body, 'status', ['OK', 'NOK'], null),
  };
}

function shown(rule: CallbackRule): unknown {
  return { ...rule, merchantId: rule.merchantId === null ? null : maskMerchant(rule.merchantId) };
}
