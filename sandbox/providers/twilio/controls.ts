import { readChange, readFields, text } from '../../kit/fields';
import { RequestProblem } from '../../kit/problem';
import type { Control } from '../../kit/provider';
import { recordControls, recordOf, shownInstants } from '../../kit/record-controls';
import { ACCOUNT, ACCOUNT_SID, type Account } from './accounts';
import { hideDigits, mask } from './mask';
import { STATUSES, type Message } from './message';
import type { Twilio } from './twilio';

const CONTENT_SID = /^HX[0-9a-f]{32}$/;

/** `/_sandbox/messages`, `/_sandbox/accounts` and `/_sandbox/contents`. */
export function twilioControls(twilio: Twilio): Readonly<Record<string, Control>> {
  const { accounts, messages, contents, callbacks } = twilio;
  return {
    ...recordControls(messages, {
      path: 'messages',
      state: ({ status }) => status,
      states: STATUSES,
      view: messageView,
    }),
    // Tells the shop once more what became of the message.
    'POST /messages/:id/callback': async ({ params }) => {
      const message = recordOf(messages, params.id);
      return { deliveries: await callbacks.tell(message) };
    },
    'GET /accounts': () => ({ accounts: accounts.all().map(accountView) }),
    'PUT /accounts/:sid': ({ params: { sid = '' }, body }) => {
      if (!ACCOUNT_SID.test(sid)) throw new RequestProblem(400, 'the SID is AC and 32 hexadecimal digits');
      return accountView(accounts.put(sid, readChange(ACCOUNT, body)));
    },
    'PUT /contents/:sid': ({ params: { sid = '' }, body }) => {
      if (!CONTENT_SID.test(sid)) throw new RequestProblem(400, 'the SID is HX and 32 hexadecimal digits');
      const content = readFields({ text: text() }, body);
      contents.set(sid, content.text);
      return { sid, ...content };
    },
  };
}

/** What was sent, as tests and people see it: the text is there, the numbers are masked. */
function messageView(message: Message): unknown {
  const { messageId, accountSid, keySid, text, contentSid, status, errorCode, segments, media } = message;
  const { messagingServiceSid, statusCallback, createdAt, sentAt, updatedAt } = message;
  const [to, toAsSent, from] = [message.to, message.toAsSent, message.from].map(hideDigits);
  return {
    ...{ messageId, accountSid, keySid, to, toAsSent, from, messagingServiceSid, text, contentSid },
    ...{ media, segments, statusCallback, status, errorCode },
    ...shownInstants({ createdAt, sentAt, updatedAt }),
  };
}

function accountView(account: Account): unknown {
  return mask(account);
}
