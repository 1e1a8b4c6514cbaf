import type { Account } from './accounts';
import { Refusal } from './codes';
import type { Kavenegar } from './kavenegar';
import { sendRecord, type Message } from './message';
import { isWithin, spanOf, type Parameters, type Span } from './parameters';
import { ownMessage, readMessageIds } from './status';

const MOST_RECORDS = 500;

/** `sms/select`: whole records by id; unknown ids are left out. */
export function select(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const found = readMessageIds(parameters).map((id) => ownMessage(kavenegar, account, id));
  return found.filter((message) => message !== undefined).map(sendRecord);
}

/** `sms/selectoutbox`: up to 500 messages of a day. */
export function selectOutbox(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const sender = parameters.get('sender');
  const sent = sentWithin(kavenegar, account, readOutboxSpan(kavenegar, parameters));
  return sent
    .filter((message) => sender === undefined || message.sender === sender)
    .slice(0, MOST_RECORDS)
    .map(sendRecord);
}

/** `sms/latestoutbox`: the newest messages, at most as many as a page may have. */
export function latestOutbox(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const { latestOutboxLimit } = kavenegar.switches();
  const size = parameters.whole('pagesize') || latestOutboxLimit;
  if (size > latestOutboxLimit) throw new Refusal(400);
  const sender = parameters.get('sender');
  return kavenegar.messages
    .all()
    .filter(({ apiKey }) => apiKey === account.key)
    .filter((message) => sender === undefined || message.sender === sender)
    .slice(0, size)
    .map(sendRecord);
}

/** `sms/countoutbox`: one row with counts and cost of a day. */
export function countOutbox(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const span = readOutboxSpan(kavenegar, parameters);
  const wanted = parameters.whole('status') || undefined;
  const sent = sentWithin(kavenegar, account, span).filter(
    ({ status }) => wanted === undefined || status === wanted,
  );
  const sum = (of: (message: Message) => number) => sent.reduce((total, message) => total + of(message), 0);
  return [
    {
      startdate: span.start,
      enddate: span.end,
      sumpart: sum(({ parts }) => parts),
      sumcount: sent.length,
      cost: sum(({ cost }) => cost),
    },
  ];
}

function readOutboxSpan({ kit, switches }: Kavenegar, parameters: Parameters): Span {
  return spanOf(parameters, kit.clock.now(), { oldestDays: switches().oldestOutboxDays });
}

function sentWithin({ messages }: Kavenegar, { key }: Account, span: Span): Message[] {
  return messages.all().filter(({ apiKey, startsAt }) => apiKey === key && isWithin(startsAt, span));
}
