import { FAULT_STATUS, replacing } from '../../kit/fault-kinds';
import { orNull, wholeNumber } from '../../kit/fields';
import type { Provider } from '../../kit/provider';
import type { InboxMessage, InboxSource } from '../sms/inbox-message';
import { TARGETS } from './callbacks';
import { twilioControls } from './controls';
import { ACCOUNTS_PATH, twilioEndpoints } from './endpoints';
import { errorAnswer, TwilioError } from './errors';
import { mask } from './mask';
import type { Message, Status } from './message';
import { openTwilio, type Twilio } from './twilio';

/** The account that the shop uses. Without one there is `AC` and 31 zeros and a 1. */
export interface TwilioOptions {
  readonly accountSid?: string | undefined;
  readonly authToken?: string | undefined;
  /** Its only number. Without one it sends from any. */
  readonly from?: string | undefined;
  readonly messageLimit?: number | undefined;
}

/** A local Twilio: messages of the REST API 2010-04-01, with signed status callbacks. */
export function twilioProvider({
  accountSid,
  authToken,
  from,
  messageLimit = 10_000,
}: TwilioOptions = {}): Provider & InboxSource {
  let opened: Twilio | undefined;
  return {
    name: 'twilio',
    title: { fa: 'سندباکس توییلیو', en: 'Twilio sandbox' },
    ribbon: {
      fa: 'این یک توییلیوی آزمایشی روی همین دستگاه است؛ هیچ پیامکی فرستاده نمی‌شود',
      en: 'A Twilio that runs on this machine: no message leaves it',
    },
    hosts: ['api.twilio.com'],
    targets: TARGETS,
    mask,
    messages: () => (opened?.messages.all() ?? []).filter(isShown).map(inboxMessage),
    open(kit) {
      const first = {
        ...(accountSid ? { sid: accountSid } : {}),
        ...(authToken ? { authToken } : {}),
        ...(from ? { senders: [from] } : {}),
      };
      const twilio = openTwilio(kit, first, messageLimit);
      opened = twilio;
      return {
        endpoints: twilioEndpoints(twilio),
        controls: twilioControls(twilio),
        faults: { code: CODE_FAULT },
        switches: twilio.settings,
        callbacks: twilio.callbacks.all,
        refusal: (error) => (error instanceof TwilioError ? errorAnswer(error) : undefined),
        nothing: ({ url: { pathname } }, status) => {
          const [, sid = ''] = /\/Accounts\/([^/.]+)/.exec(pathname) ?? [];
          const isTest = twilio.accounts.find(sid)?.kind === 'test';
          const code = status === 405 ? 20004 : 20404;
          return errorAnswer(new TwilioError(isTest ? 20008 : code, pathname));
        },
        overview: () => ({
          api: kit.url() + ACCOUNTS_PATH,
          accounts: twilio.accounts.all().map(({ sid }) => sid),
          messages: twilio.messages.all().length,
        }),
        onReset: () => twilio.calls.reset(),
      };
    },
  };
}

/** Any code of Twilio, with the status that belongs to it unless another is named. */
const CODE_FAULT = replacing(
  {
    code: wholeNumber(20500, { least: 10_000, most: 99_999 }),
    status: FAULT_STATUS,
    retryAfterSeconds: orNull(wholeNumber(0)),
  },
  ({ code, status, retryAfterSeconds }) => {
    const answer = errorAnswer(new TwilioError(code), status ?? undefined);
    if (retryAfterSeconds === null) return answer;
    return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfterSeconds) } };
  },
);

function isShown({ isDeleted, status }: Message): boolean {
  return !isDeleted && status !== 'scheduled' && status !== 'canceled';
}

function inboxMessage(message: Message): InboxMessage {
  const { messageId, to, from, text, sentAt, createdAt, status, contentSid } = message;
  return {
    id: `twilio:${messageId}`,
    provider: 'twilio',
    to,
    from,
    text,
    sentAt: sentAt ?? createdAt,
    state: INBOX_STATES[status] ?? 'pending',
    ...(contentSid === null ? {} : { template: contentSid }),
  };
}

const INBOX_STATES: Partial<Record<Status, InboxMessage['state']>> = {
  delivered: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
};
