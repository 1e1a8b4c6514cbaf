import { lineOf, type Account } from './accounts';
import { Refusal } from './codes';
import type { InboundMessage } from './inbound';
import type { Kavenegar } from './kavenegar';
import { pageOf, type Page } from './paging';
import { isWithin, spanOf, type Parameters, type Span } from './parameters';

const MOST_AT_ONCE = 100;
const PAGE_DAYS = 2;
const OLDEST_COUNTED_DAYS = 60;
const DAY_SECONDS = 86_400;

/** `sms/receive`: up to 100 messages to a line, oldest first. Reading marks them as read. */
export function receive(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const messages = inboundOf(kavenegar, account, parameters).slice(0, MOST_AT_ONCE);
  for (const message of messages) {
    if (!message.isRead) kavenegar.inbound.change(message, { isRead: true }, 'received');
  }
  return messages.map(inboundRecord);
}

/** `sms/inboxpaged`: pages of the last two days, or of two other days. Nothing is marked. */
export function inboxPaged(kavenegar: Kavenegar, account: Account, parameters: Parameters): Page {
  const nowSeconds = Math.floor(kavenegar.kit.clock.now() / 1_000);
  const lastDays = { start: nowSeconds - PAGE_DAYS * DAY_SECONDS, end: nowSeconds };
  const hasStart = parameters.seconds('startdate') !== undefined;
  const span = hasStart ? spanOf(parameters, nowSeconds * 1_000, { longestDays: PAGE_DAYS }) : lastDays;
  const messages = inboundOf(kavenegar, account, parameters).filter(({ at }) => isWithin(at, span));
  return pageOf(messages.map(inboundRecord), parameters);
}

/** `sms/countinbox`: one row with the count of a day. */
export function countInbox(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const span: Span = spanOf(parameters, kavenegar.kit.clock.now(), { oldestDays: OLDEST_COUNTED_DAYS });
  const given = parameters.get('linenumber');
  const line = given === undefined ? undefined : lineOf(account, given);
  const isRead = readIsRead(parameters);
  const counted = kavenegar.inbound
    .all()
    .filter((message) => account.lines.includes(message.line) && isWithin(message.at, span))
    .filter((message) => line === undefined || message.line === line)
    .filter((message) => isRead === undefined || message.isRead === isRead);
  return [{ startdate: span.start, enddate: span.end, sumcount: counted.length }];
}

function inboundOf({ inbound }: Kavenegar, account: Account, parameters: Parameters): InboundMessage[] {
  const line = lineOf(account, parameters.required('linenumber'));
  parameters.required('isread');
  const isRead = readIsRead(parameters);
  const fitting = inbound.all().filter((message) => message.line === line && message.isRead === isRead);
  return fitting.toReversed();
}

function readIsRead(parameters: Parameters): boolean | undefined {
  const isRead = parameters.whole('isread');
  if (isRead !== undefined && isRead > 1) throw new Refusal(400);
  return isRead === undefined ? undefined : isRead === 1;
}

function inboundRecord({ inboundId, text, sender, line, at }: InboundMessage) {
  const date = Math.floor(at / 1_000);
  return { messageid: Number(inboundId), message: text, sender, receptor: line, date };
}
