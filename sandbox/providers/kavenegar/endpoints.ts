import type { Answer } from '../../kit/answer';
import type { Call } from '../../kit/call';
import type { Endpoint } from '../../kit/provider';
import { magicFault } from '../sms/magic-recipients';
import { accountConfig, accountInfo, getDate } from './account';
import type { Account } from './accounts';
import { addBlocked, existsBlocked, listBlocked, removeBlocked } from './blocked';
import { Refusal } from './codes';
import { success } from './envelope';
import { countInbox, inboxPaged, receive } from './inbox';
import { callerOf, type Kavenegar } from './kavenegar';
import { lookup } from './lookup';
import { countOutbox, latestOutbox, select, selectOutbox } from './outbox';
import type { Page } from './paging';
import { parametersOf, type Parameters } from './parameters';
import { receptorOf } from './receptor';
import { makeTts, send, sendArray } from './send';
import { cancel, status, statusByLocalId, statusByReceptor } from './status';

type Method = (kavenegar: Kavenegar, account: Account, parameters: Parameters) => unknown;

interface Options {
  readonly methods?: Endpoint['methods'];
  /** Sends messages: magic recipients spoil the answer. */
  readonly isSending?: boolean;
  /** Answers 407 unless the panel lists the caller's address. */
  readonly needsAddress?: boolean;
  readonly isPaged?: boolean;
}

const GET_AND_POST = ['GET', 'POST'] as const;
const SENDING = { isSending: true };
const BY_ADDRESS = { needsAddress: true };

/** Every method below `/v1/{API-KEY}/`, and the clock, which needs no key. */
export function kavenegarEndpoints(kavenegar: Kavenegar): Endpoint[] {
  const method = (name: string, perform: Method, options: Options = {}) =>
    endpointOf(kavenegar, name, perform, options);
  return [
    {
      name: 'utils/getdate',
      methods: GET_AND_POST,
      path: '/v1/:key/utils/getdate.json',
      answer: () => success(getDate(kavenegar), kavenegar.switches()),
    },
    method('sms/send', send, SENDING),
    method('sms/sendarray', sendArray, { ...SENDING, methods: ['POST'] }),
    method('verify/lookup', lookup, SENDING),
    method('call/maketts', makeTts, SENDING),
    method('sms/status', status),
    method('sms/statuslocalmessageid', statusByLocalId),
    method('sms/statusbyreceptor', statusByReceptor),
    method('sms/cancel', cancel),
    method('sms/select', select, BY_ADDRESS),
    method('sms/selectoutbox', selectOutbox, BY_ADDRESS),
    method('sms/latestoutbox', latestOutbox, BY_ADDRESS),
    method('sms/countoutbox', countOutbox),
    method('sms/countinbox', countInbox),
    method('sms/receive', receive),
    method('sms/inboxpaged', inboxPaged, { isPaged: true }),
    method('line/blocked/list', listBlocked, { isPaged: true }),
    method('line/blocked/add', addBlocked),
    method('line/blocked/exists', existsBlocked),
    method('line/blocked/remove', removeBlocked, { methods: ['DELETE'] }),
    method('account/info', accountInfo),
    method('account/config', accountConfig),
  ];
}

function endpointOf(kavenegar: Kavenegar, name: string, perform: Method, options: Options): Endpoint {
  const { methods = GET_AND_POST, isSending = false, needsAddress = false, isPaged = false } = options;
  return {
    name,
    methods,
    path: `/v1/:key/${name}.json`,
    target: (call, answer) => targetOf(call, answer),
    note: (call) => ({ apiKey: call.params.key, parameters: parametersOf(call).all() }),
    ...(isSending ? { fault: (call) => magicFault(recipientsOf(call), ERROR_IN_200) } : {}),
    answer(call) {
      const account = callerOf(kavenegar, call);
      if (needsAddress && !account.addresses.includes(call.address)) throw new Refusal(407);
      const answered = perform(kavenegar, account, parametersOf(call));
      if (!isPaged) return success(answered, kavenegar.switches());
      const { entries, metadata } = answered as Page;
      return success(entries, kavenegar.switches(), metadata);
    },
  };
}

/** What a call concerns: its first message, its first receptor, its template. */
function targetOf(call: Call, answer: Answer | undefined) {
  const parameters = parametersOf(call);
  const { entries } = JSON.parse(answer?.text ?? '{}') as { entries?: unknown };
  const [first] = [entries].flat() as { messageid?: unknown }[];
  const answered = typeof first?.messageid === 'number' ? String(first.messageid) : undefined;
  return {
    messageId: parameters.optionalList('messageid')?.[0] ?? answered,
    to: recipientsOf(call)[0],
    template: parameters.get('template'),
  };
}

/** An error of the provider in HTTP 200. */
const ERROR_IN_200 = { kind: 'code', code: 409, status: 200 };

/** The recipients of a call in E.164, also from a JSON list; what is no number is left out. */
function recipientsOf(call: Call): string[] {
  const given = parametersOf(call).optionalList('receptor') ?? [];
  return given.flatMap((receptor) => {
    try {
      const text = receptor.replaceAll(/["[\]]/g, '');
      return [receptorOf(text, { receptorForms: 'all-four' }, { mayBeAbroad: true }).e164];
    } catch {
      return [];
    }
  });
}
