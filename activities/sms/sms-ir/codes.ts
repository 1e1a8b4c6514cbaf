import type { SmsRefusalClass } from '../../../workflows/sms/sms-provider.steps';

/** What a code means for us. `report` codes answer questions about messages and say nothing about a send. */
export type CodeClass = SmsRefusalClass | 'ok' | 'report';

interface Code {
  readonly class: CodeClass;
  /** In English, for operators. SMS.ir's own texts are Persian. */
  readonly message: string;
  readonly concerns?: 'template';
}

const bug = (message: string): Code => ({ class: 'bug', message });
const config = (message: string): Code => ({ class: 'config', message });
/** One template or text must be put right. */
const template = (message: string): Code => ({ ...config(message), concerns: 'template' });
const overload = (message: string): Code => ({ class: 'overload', message });
const stop = (message: string): Code => ({ class: 'stop', message });
const report = (message: string): Code => ({ class: 'report', message });

/** Every status that SMS.ir documents: https://sms.ir/developer-web-service/rest-api/ */
export const CODES: Readonly<Record<number, Code>> = {
  0: overload('unexpected error of SMS.ir'),
  1: { class: 'ok', message: 'success' },
  10: config('the API key is not valid'),
  11: config('the API key is disabled'),
  12: config('the API key is bound to other IP addresses'),
  13: config('the account is disabled'),
  14: config('the account is suspended'),
  15: config('the plan of the account does not include the web service'),
  16: bug('a parameter has a wrong value'),
  20: overload('too many requests'),
  101: config('the line is not valid'),
  102: config('the credit is not enough'),
  103: bug('a text is empty'),
  104: stop('the mobile number is not valid'),
  105: bug('more than 100 mobile numbers'),
  106: bug('more than 100 texts'),
  107: bug('no mobile numbers'),
  108: bug('no texts'),
  109: bug('the time of sending is not valid'),
  110: bug('the numbers of mobile numbers and of texts differ'),
  111: report('there is no send with this id'),
  112: report('there is nothing to cancel'),
  113: template('the template does not exist'),
  114: bug('the value of a parameter has more than 25 characters'),
  115: stop('the mobile number is on the blacklist'),
  116: bug('the name of a parameter is missing'),
  117: template('the text is not approved'),
  118: bug('too many messages'),
  119: config('the plan of the account does not include templates of its own'),
  123: config('the line must be activated'),
  124: template('only one-time codes can be sent now, and the template does not count as one'),
};
