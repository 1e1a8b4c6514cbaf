import type { ControlCall } from '../control';
import { maskMerchant } from '../mask';
import type { Merchant } from '../merchants';
import type { Sandbox } from '../sandbox';
import { choice, ControlProblem, flag, onlyKnown, text } from './input';

const FIELDS = [
  'terminalId',
  'domain',
  'domainRule',
  'ips',
  'ipsForEveryCall',
  'currency',
  'level',
  'standing',
  'autoVerify',
  'feeType',
  'wages',
  'inactiveIbans',
];

/** `/_sandbox/merchants`: GET lists (ids masked), PUT `/:id` adds or changes a row. */
export function answerMerchantControl(sandbox: Sandbox, { method, rest: [id], body }: ControlCall): unknown {
  if (method === 'GET') return { merchants: sandbox.merchants.all().map(shown) };
  if (method !== 'PUT' || id === undefined)
    throw new ControlProblem(405, 'use GET, or PUT /_sandbox/merchants/:id');
  if (!/^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/.test(id)) {
    throw new ControlProblem(400, 'the id is a lower-case UUID');
  }
  onlyKnown(body, FIELDS);
  return shown(sandbox.merchants.put(id, merchantChange(body)));
}

function merchantChange(body: ControlCall['body']): Partial<Merchant> {
  const change = {
    terminalId: text(body, 'terminalId', undefined),
    domain: body.domain === null ? null : text(body, 'domain', undefined),
    domainRule: choice(body, 'domainRule', ['exact-host', 'parent-domain'], undefined),
    ips: body.ips === null ? null : texts(body, 'ips'),
    ipsForEveryCall: optionalFlag(body, 'ipsForEveryCall'),
    currency: choice(body, 'currency', ['IRR', 'IRT'], undefined),
    level: choice(body, 'level', ['silver', 'blue', 'basic'], undefined),
    standing: choice(body, 'standing', ['active', 'inactive', 'limited', 'suspended', 'banned'], undefined),
    autoVerify: optionalFlag(body, 'autoVerify'),
    feeType: choice(body, 'feeType', ['Merchant', 'Payer'], undefined),
    wages: choice(body, 'wages', ['allowed', 'forbidden', 'no-account', 'no-shaparak-iban'], undefined),
    inactiveIbans: texts(body, 'inactiveIbans'),
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function optionalFlag(body: ControlCall['body'], name: string): boolean | undefined {
  return body[name] === undefined ? undefined : flag(body, name);
}

function texts(body: ControlCall['body'], name: string): string[] | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new ControlProblem(400, `${name} is a list of texts`);
  }
  return value;
}

function shown(merchant: Merchant): unknown {
  return { ...merchant, id: maskMerchant(merchant.id) };
}
