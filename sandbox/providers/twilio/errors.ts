import { json, type Answer } from '../../kit/answer';

/** What Twilio says with a code; `%` is what was refused: https://www.twilio.com/docs/api/errors */
const MESSAGES: Readonly<Record<number, string>> = {
  20001: 'Invalid parameter: %',
  20003: 'Authenticate',
  20004: 'Method not allowed',
  20005: 'Account not active',
  20008: 'Resource not accessible with Test Account Credentials',
  20009: 'Cannot delete this resource before it is complete',
  20404: 'The requested resource % was not found',
  20429: 'Too Many Requests',
  20500: 'Internal Server Error',
  21211: "The 'To' number % is not a valid phone number",
  21212: "The 'From' number % is not a valid phone number, shortcode, or alphanumeric sender ID",
  21266: "'To' and 'From' number cannot be the same",
  21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: %",
  21602: 'Message body is required',
  21603: "A 'From' phone number is required",
  21604: "A 'To' phone number is required",
  21606: 'The From phone number % is not a valid, SMS-capable inbound phone number for your account',
  21608: 'The number % is unverified. Trial accounts cannot send messages to unverified numbers',
  21609: 'The StatusCallback URL % is not a valid URL',
  21610: 'Attempt to send to unsubscribed recipient',
  21611: "This 'From' number has exceeded the maximum number of queued messages",
  21612: "The 'To' phone number: % is not currently reachable via SMS",
  21614: "'To' number is not a valid mobile number",
  21617: 'The concatenated message body exceeds the 1600 character limit',
  21619: 'A Message Body, Media URL or Content SID is required',
  21620: 'Invalid media URL(s)',
  21623: 'Number of media files exceeds allowed limit',
  21624: 'Invalid validity period value',
  21635: "'To' number cannot be a landline: %",
  21655: 'The ContentSid is invalid',
  21656: 'The ContentVariables parameter is invalid',
  21701: 'The Messaging Service does not exist',
  21703: 'The Messaging Service does not have a phone number available to send a message',
  21705: 'The Messaging Service is invalid',
  30400: 'Parameters are not valid',
  30409: 'This message cannot be canceled',
  35111: 'SendAt timestamp is missing',
  35114: 'SendAt time must be between 300 seconds and 35 days (3024000 seconds) in the future, inclusive',
  35118: 'MessagingServiceSid is required to schedule a message',
  35126: 'The ScheduleType value provided is not supported for this channel',
};

/** HTTP statuses of codes; all others go out with 400. */
const STATUSES: Readonly<Record<number, number>> = {
  20003: 401,
  20004: 405,
  20005: 401,
  20008: 403,
  20009: 409,
  20404: 404,
  20429: 429,
  20500: 500,
};

/** A refusal, thrown by an endpoint. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';

  /** @param refused what the message names, such as a number */
  constructor(
    readonly code: number,
    refused = '',
  ) {
    super((MESSAGES[code] ?? 'Unknown error').replace('%', () => refused));
  }
}

/** An error as Twilio answers it, with the status that belongs to its code unless another is asked for. */
export function errorAnswer({ code, message }: TwilioError, status = STATUSES[code] ?? 400): Answer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  const answer = json(status, { code, message, more_info, status });
  return status === 401 ? { ...answer, headers: { 'WWW-Authenticate': 'Basic realm="Twilio API"' } } : answer;
}
