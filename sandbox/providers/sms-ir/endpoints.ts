import type { Answer } from '../../kit/answer';
import type { Call } from '../../kit/call';
import type { Endpoint } from '../../kit/provider';
import { iranianMobile } from '../sms/iranian-mobile';
import { magicFault } from '../sms/magic-recipients';
import type { Account } from './accounts';
import { success } from './envelope';
import { looseBodyOf, plusKept, queryOf } from './input';
import { receiveArchive, receiveLatest, receiveLive } from './receive';
import { listArchive, listLive, listPacks, reportMessage, reportPack } from './reports';
import { cancelScheduled, sendBulk, sendByUrl, sendLikeToLike, sendVerify } from './send';
import { callerByUrl, callerOf, type SmsIr } from './sms-ir';

/** Where the REST API is. */
export const REST_PATH = '/v1/';

type Perform = (smsIr: SmsIr, account: Account, call: Call) => unknown;
type Options = Pick<Endpoint, 'methods'> & Partial<Endpoint>;

const GET: Options = { methods: ['GET'] };
/** An error of the provider in HTTP 200. */
const ERROR_IN_200 = { kind: 'code', code: 0, status: 200 };

const SEND: Options = {
  methods: ['POST'],
  fault: (call) =>
    magicFault(
      recipientsOf(call).map((mobile) => `+98${mobile}`),
      ERROR_IN_200,
    ),
};
const WHOLE_NUMBER = /^\d{1,15}$/;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const withId = (id: RegExp): Partial<Endpoint> => ({ isServed: ({ params }) => id.test(params.id ?? '') });

/** Every call of the REST API, version 1. */
export function smsIrEndpoints(smsIr: SmsIr): Endpoint[] {
  const endpoint = (
    path: string,
    perform: Perform,
    options: Options,
    accountOf: (smsIr: SmsIr, call: Call) => Account = callerOf,
  ): Endpoint => ({
    name: path.replace('/:id', ''),
    path: REST_PATH + path,
    target: targetOf,
    note: noteOf,
    answer: (call) => success(perform(smsIr, accountOf(smsIr, call), call), smsIr.switches()),
    ...options,
  });
  return [
    endpoint('send/bulk', sendBulk, SEND),
    endpoint('send/likeToLike', sendLikeToLike, SEND),
    endpoint('send/verify', sendVerify, SEND),
    endpoint('send', sendByUrl, { ...SEND, methods: ['GET', 'POST'] }, callerByUrl),
    endpoint('send/scheduled/:id', cancelScheduled, { methods: ['DELETE'], ...withId(GUID) }),
    endpoint('send/pack', listPacks, GET),
    endpoint('send/pack/:id', reportPack, { ...GET, ...withId(GUID), name: 'send/pack/report' }),
    endpoint('send/live', listLive, GET),
    endpoint('send/archive', listArchive, GET),
    endpoint('send/:id', reportMessage, { ...GET, ...withId(WHOLE_NUMBER), name: 'send/report' }),
    endpoint('receive/latest', receiveLatest, GET),
    endpoint('receive/live', receiveLive, GET),
    endpoint('receive/archive', receiveArchive, GET),
    endpoint('credit', (_, { creditTenths }) => creditTenths / 10, GET),
    endpoint('line', (_, { lines }) => lines.map(Number), GET),
  ];
}

/** What a call concerns: its first message, its first recipient, its template. */
function targetOf(call: Call, answer?: Answer) {
  const [to] = recipientsOf(call);
  const template = looseBodyOf(call).get('templateId');
  const isReport = WHOLE_NUMBER.test(call.params.id ?? '');
  return {
    messageId: isReport ? call.params.id : idOf(answer),
    to: to === undefined ? undefined : `+98${to}`,
    template: typeof template === 'number' || typeof template === 'string' ? String(template) : undefined,
  };
}

function idOf(answer: Answer | undefined): string | undefined {
  const { data } = JSON.parse(answer?.text || '{}') as {
    data?: { messageId?: number; messageIds?: (number | null)[] } | null;
  };
  const id = data?.messageId ?? data?.messageIds?.[0];
  return typeof id === 'number' ? String(id) : undefined;
}

function noteOf(call: Call): Readonly<Record<string, unknown>> {
  const { headers, json: body, url } = call;
  return { apiKey: headers['x-api-key'], query: Object.fromEntries(url.searchParams), body };
}

/** The recipients of a call in ten digits; what is no number is left out. */
function recipientsOf(call: Call): string[] {
  const body = looseBodyOf(call);
  const given = [body.get('mobile'), body.get('mobiles'), queryOf(call).get('mobile')].flat();
  return given.flatMap((mobile) => {
    const isText = typeof mobile === 'string' || typeof mobile === 'number';
    return (isText ? iranianMobile(plusKept(String(mobile))) : undefined) ?? [];
  });
}
