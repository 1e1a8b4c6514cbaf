import type { SmsRefusalClass } from '../../../workflows/sms/sms-provider.steps';

interface Code {
  readonly class: SmsRefusalClass;
  /** Our wording, because Twilio's own may repeat the number. */
  readonly message: string;
}

const bug = (message: string): Code => ({ class: 'bug', message });
const config = (message: string): Code => ({ class: 'config', message });
const overload = (message: string): Code => ({ class: 'overload', message });
const stop = (message: string): Code => ({ class: 'stop', message });

/**
 * The codes that concern sending and delivery: https://www.twilio.com/docs/api/errors . Twilio has hundreds more, which are
 * classed by their HTTP status.
 */
export const CODES: Readonly<Record<number, Code>> = {
  20003: config('the credentials are not valid'),
  20429: overload('too many requests'),
  21211: stop('the number is not valid'),
  21212: config('the sender is not valid'),
  21408: config('the account may not send to this country'),
  21602: bug('the text is missing'),
  21606: config('the sender cannot send messages'),
  21608: config('a trial account sends only to verified numbers'),
  21610: stop('the recipient has unsubscribed'),
  21611: overload('the queue of the sender is full'),
  21612: config('there is no route from this sender to this number'),
  21614: stop('the number cannot receive messages'),
  21617: bug('the text is too long'),
  21635: stop('the number is a landline'),
  30001: overload('the queue is full'),
  30002: config('the account is suspended'),
  30003: overload('the handset cannot be reached'),
  30004: config('the message is blocked'),
  30005: stop('the number does not exist'),
  30006: stop('the number is a landline, or its carrier cannot be reached'),
  30007: config('the carrier filtered the message'),
  30008: overload('unknown error of the carrier'),
};

/** What an error means: by its code, or by its HTTP status where the code is another one. Undefined for no error's status. */
export function meaningOf(code: number, status: number): Code | undefined {
  const known = CODES[code];
  if (known !== undefined) return known;
  if (status === 429 || (status >= 500 && status < 600))
    return overload(`a failure of Twilio, HTTP ${status}`);
  if (status === 401 || status === 403 || status === 404) return config(`access denied, HTTP ${status}`);
  return status >= 400 && status < 500 ? bug(`the request is wrong, HTTP ${status}`) : undefined;
}
