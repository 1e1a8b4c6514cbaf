import { json, type Answer } from '../../kit/answer';
import type { Call } from '../../kit/call';
import type { Account } from './accounts';
import { TwilioError } from './errors';
import { dateSentOf, resource, type Message } from './message';
import { recipientOf } from './recipient';
import type { Twilio } from './twilio';

const USUAL_SIZE = 50;
const LARGEST_SIZE = 1_000;
const DAY_MS = 24 * 3_600_000;

/** A page of the account's messages, newest first. */
export function listMessages(twilio: Twilio, account: Account, { url }: Call): Answer {
  const query = url.searchParams;
  const size = Math.min(readWhole(query, 'PageSize', USUAL_SIZE, 1), LARGEST_SIZE);
  const dateSent = (message: Message) => dateSentOf(message, twilio.switches().dateSentAtOnce);
  const fits = readFilter(query, dateSent);
  const fitting = twilio.messages
    .all()
    .filter((message) => message.accountSid === account.sid && !message.isDeleted && fits(message));

  const page = readWhole(query, 'Page', 0, 0);
  const start = startOf(fitting, query.get('PageToken'), size) ?? page * size;
  const messages = fitting.slice(start, start + size);
  const [first, last] = [messages[0], messages.at(-1)];
  const address = (number: number, token: string | undefined) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(size));
    params.set('Page', String(number));
    params.delete('PageToken');
    if (token !== undefined) params.set('PageToken', token);
    return `${url.pathname}?${params.toString()}`;
  };
  const hasNext = start + size < fitting.length;
  return json(200, {
    first_page_uri: address(0, undefined),
    next_page_uri: hasNext && last ? address(page + 1, `PA${last.messageId}`) : null,
    previous_page_uri: start > 0 && first ? address(Math.max(0, page - 1), `PB${first.messageId}`) : null,
    page,
    page_size: size,
    start,
    end: start + Math.max(0, messages.length - 1),
    uri: url.pathname + url.search,
    messages: messages.map((message) => resource(message, dateSent(message))),
  });
}

/** Where the page begins that follows (`PA…`) or precedes (`PB…`) a message. What came meanwhile does not move it. */
function startOf(messages: readonly Message[], token: string | null, size: number): number | undefined {
  if (token === null) return undefined;
  const index = messages.findIndex(({ messageId }) => messageId === token.slice(2));
  if (index === -1 || !/^P[AB]/.test(token)) throw new TwilioError(20001, 'PageToken');
  return token.startsWith('PA') ? index + 1 : Math.max(0, index - size);
}

function readFilter(
  query: URLSearchParams,
  dateSent: (message: Message) => number | null,
): (message: Message) => boolean {
  const to = query.get('To');
  const from = query.get('From');
  const tests: ((message: Message) => boolean)[] = [];
  if (to) tests.push((message) => message.to === recipientOf(to));
  if (from) tests.push((message) => message.from === from);
  for (const [name, isWithin] of Object.entries(WITHIN)) {
    const text = query.get(name);
    if (!text) continue;
    const limit = Date.parse(text);
    if (Number.isNaN(limit)) throw new TwilioError(20001, name);
    tests.push((message) => {
      const at = dateSent(message);
      return at !== null && isWithin(at, limit);
    });
  }
  return (message) => tests.every((test) => test(message));
}

/** `DateSent` is a day in UTC, whatever its time. The others are instants; a day is its midnight. */
const WITHIN: Readonly<Record<string, (at: number, limit: number) => boolean>> = {
  DateSent: (at, limit) => Math.floor(at / DAY_MS) === Math.floor(limit / DAY_MS),
  'DateSent<': (at, limit) => at <= limit,
  'DateSent>': (at, limit) => at >= limit,
};

function readWhole(query: URLSearchParams, name: string, fallback: number, least: number): number {
  const text = query.get(name) ?? String(fallback);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number < least) throw new TwilioError(20001, name);
  return number;
}
