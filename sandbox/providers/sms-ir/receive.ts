import type { Call } from '../../kit/call';
import { iranianMobile } from '../sms/iranian-mobile';
import type { Account } from './accounts';
import { Refusal } from './codes';
import type { InboundMessage } from './inbound';
import { plusKept, queryOf, textOf } from './input';
import { dayOf, hourOf, inArchive, pageOf, rowsOf } from './lists';
import { seconds } from './message';
import type { SmsIr } from './sms-ir';

/** `GET /receive/latest`: each message is answered a single time. */
export function receiveLatest(smsIr: SmsIr, account: Account, call: Call): unknown {
  const unread = toLines(smsIr, account).filter(({ isRead }) => !isRead);
  return unread.slice(0, rowsOf(queryOf(call), 'count')).map((message) => {
    smsIr.inbound.change(message, { isRead: true }, 'received');
    return received(message);
  });
}

/** `GET /receive/live`: what came today, read or not; in the first hours of a day yesterday, too. */
export function receiveLive(smsIr: SmsIr, account: Account, call: Call): unknown {
  const now = smsIr.kit.clock.now();
  const today = dayOf(now);
  const isEarly = hourOf(now) < smsIr.switches().yesterdayUntilHour;
  const since = isEarly ? dayOf(today - 1) : today;
  const isNewestFirst = textOf(queryOf(call), 'sortByNewest')?.toLowerCase() === 'true';
  const messages = toLines(smsIr, account).filter(({ at }) => at >= since && at <= now);
  const fitting = messages.filter(fromMobile(call));
  return pageOf(isNewestFirst ? fitting : fitting.toReversed(), call).map((message) => {
    const { receiveReturnId: _id, ...row } = received(message);
    return row;
  });
}

/** `GET /receive/archive`: what came until the end of yesterday. */
export function receiveArchive(smsIr: SmsIr, account: Account, call: Call): unknown {
  const isShown = inArchive(call, smsIr.kit.clock.now());
  const messages = toLines(smsIr, account).filter(({ at }) => isShown(at));
  return pageOf(messages.filter(fromMobile(call)), call).map(received);
}

function toLines({ inbound }: SmsIr, { lines }: Account): InboundMessage[] {
  return inbound.all().filter(({ line }) => lines.includes(line));
}

function fromMobile(call: Call): (message: InboundMessage) => boolean {
  const given = textOf(queryOf(call), 'mobile');
  if (!given) return () => true;
  const mobile = iranianMobile(plusKept(given));
  if (mobile === undefined) throw new Refusal(104);
  return (message) => message.mobile === mobile;
}

function received({ inboundId, text, line, mobile, at }: InboundMessage) {
  return {
    receiveReturnId: Number(inboundId),
    messageText: text,
    number: Number(line),
    mobile: Number(mobile),
    receivedDateTime: seconds(at),
  };
}
