import { json, type Answer } from '../../kit/answer';
import { form, type Call } from '../../kit/call';
import type { Endpoint } from '../../kit/provider';
import { magicFault } from '../sms/magic-recipients';
import { authenticate, type Account } from './accounts';
import { TwilioError } from './errors';
import { listMessages } from './list';
import { dateSentOf, dollars, resource, type Message } from './message';
import { recipientOf } from './recipient';
import { sendMessage } from './send';
import type { Twilio } from './twilio';
import { deleteMessage, updateMessage } from './update';

/** Where an account's resources are. */
export const ACCOUNTS_PATH = '/2010-04-01/Accounts';

/** What Twilio offers here: messages, and the balance. */
export function twilioEndpoints(twilio: Twilio): Endpoint[] {
  const list = `${ACCOUNTS_PATH}/:account/Messages.json`;
  const instance = `${ACCOUNTS_PATH}/:account/Messages/:sid.json`;
  const shown = (message: Message) =>
    json(200, resource(message, dateSentOf(message, twilio.switches().dateSentAtOnce)));
  const ofInstance = ({ params: { sid, account } }: Call) => ({
    messageId: sid,
    to: twilio.messages.find(sid!)?.to,
    account,
  });
  return [
    {
      name: 'create',
      methods: ['POST'],
      path: list,
      target: (call, answer) => ({
        messageId: sidOf(answer),
        to: recipientOf(form(call).get('To') ?? ''),
        account: call.params.account,
      }),
      fault: (call) => magicFault([recipientOf(form(call).get('To') ?? '')], ERROR_IN_200),
      note: (call) => ({ form: Object.fromEntries(form(call)) }),
      answer(call) {
        const { account, keySid } = admit(twilio, call);
        return sendMessage(twilio, account, keySid, call);
      },
    },
    {
      name: 'list',
      methods: ['GET'],
      path: list,
      target: ({ url, params }) => ({
        to: recipientOf(url.searchParams.get('To') ?? ''),
        account: params.account,
      }),
      note: ({ url }) => ({ query: Object.fromEntries(url.searchParams) }),
      answer: (call) => listMessages(twilio, admitFully(twilio, call), call),
    },
    {
      name: 'fetch',
      methods: ['GET'],
      path: instance,
      target: ofInstance,
      answer: (call) => shown(named(twilio, call)),
    },
    {
      name: 'update',
      methods: ['POST'],
      path: instance,
      target: ofInstance,
      note: (call) => ({ form: Object.fromEntries(form(call)) }),
      answer: (call) => shown(updateMessage(twilio, named(twilio, call), call)),
    },
    {
      name: 'delete',
      methods: ['DELETE'],
      path: instance,
      target: ofInstance,
      answer(call) {
        deleteMessage(twilio, named(twilio, call));
        return { status: 204 };
      },
    },
    {
      name: 'balance',
      methods: ['GET'],
      path: `${ACCOUNTS_PATH}/:account/Balance.json`,
      target: ({ params: { account } }) => ({ account }),
      answer(call) {
        const { sid, balance } = admitFully(twilio, call);
        return json(200, { account_sid: sid, balance: dollars(balance), currency: 'USD' });
      },
    },
  ];
}

/** The caller's account, with the call counted. Throws 20003, 20005 and 20429. */
function admit(twilio: Twilio, call: Call): ReturnType<typeof authenticate> {
  const admitted = authenticate(twilio.accounts, call);
  const { sid, callsPerMinute } = admitted.account;
  if (!twilio.calls.admits(sid, callsPerMinute)) throw new TwilioError(20429);
  return admitted;
}

/** The same for what test credentials may not do. Throws 20008 too. */
function admitFully(twilio: Twilio, call: Call): Account {
  const { account } = admit(twilio, call);
  if (account.kind === 'test') throw new TwilioError(20008);
  return account;
}

/** An error of the provider in HTTP 200. */
const ERROR_IN_200 = { kind: 'code', code: 20429, status: 200 };

function named(twilio: Twilio, call: Call): Message {
  const account = admitFully(twilio, call);
  const message = twilio.messages.find(call.params.sid!);
  if (message && message.accountSid === account.sid && !message.isDeleted) return message;
  throw new TwilioError(20404, call.url.pathname);
}

function sidOf(answer: Answer | undefined): string | undefined {
  return answer?.text ? (JSON.parse(answer.text) as { sid?: string }).sid : undefined;
}
