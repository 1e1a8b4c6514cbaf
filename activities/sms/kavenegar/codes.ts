import type { SmsRefusalClass } from '../../../workflows/sms/sms-provider.steps';

export type CodeClass = SmsRefusalClass | 'ok';

interface Code {
  readonly class: CodeClass;
  /** In English, for operators. Kavenegar's own texts are Persian. */
  readonly message: string;
  readonly concerns?: 'template';
}

const bug = (message: string): Code => ({ class: 'bug', message });
const config = (message: string): Code => ({ class: 'config', message });
/** One template or text must be put right. */
const template = (message: string): Code => ({ ...config(message), concerns: 'template' });
const overload = (message: string): Code => ({ class: 'overload', message });

/** Every `return.status` that Kavenegar documents: https://kavenegar.com/rest.html ; 800 and above are seen in a client. */
export const CODES: Readonly<Record<number, Code>> = {
  200: { class: 'ok', message: 'success' },
  400: bug('a parameter is missing'),
  401: config('the account is disabled'),
  402: config('the operation failed'),
  403: config('the API key is not valid'),
  404: bug('the method does not exist'),
  405: bug('the HTTP method is wrong'),
  406: bug('a mandatory parameter is empty'),
  407: config('access denied: the IP address must be set in the panel'),
  409: overload('the server cannot answer now'),
  411: { class: 'stop', message: 'the recipient is not valid' },
  412: config('the sender is not valid'),
  413: bug('the text is empty or too long'),
  414: bug('too many records in one call'),
  415: bug('the start index is beyond the end'),
  416: config('the IP address of the caller is not the one that was set'),
  417: bug('the date is wrong'),
  418: config('the credit is not enough'),
  419: bug('the numbers of texts, recipients and senders differ'),
  420: template('links in texts are not allowed for this account'),
  422: bug('a character cannot be processed'),
  424: template('the template does not exist or is not approved'),
  426: config('the account does not include this method'),
  427: config('the account has no access to this line'),
  428: bug('the code cannot be told in a call'),
  429: overload('the IP address is limited'),
  431: bug('a token has a line break, a space, an underscore or a separator'),
  432: template('the template has no place for the token'),
  451: overload('too many calls in a short time'),
  501: config('a test account sends only to its owner'),
  604: bug('too many numbers'),
  607: bug('the tag is wrong'),
  800: bug('media are required'),
  801: bug('the media are not valid'),
  802: bug('the size of the media is not allowed'),
  803: bug('the aspect ratio of the media is not allowed'),
  804: bug('the duration of the media is not allowed'),
  805: bug('the account may not upload media'),
  806: bug('the limit of uploads is reached'),
  807: bug('the media were uploaded before'),
  808: bug('the id of the media is not valid'),
  809: bug('the media do not exist'),
  810: bug('the media await a review'),
  811: bug('the media were rejected'),
  812: bug('the policy does not allow media'),
  813: bug('the line does not carry media'),
};
