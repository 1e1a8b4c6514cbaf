import type { Account } from './accounts';
import { Refusal } from './codes';
import type { Kavenegar } from './kavenegar';
import { statusRecord, type Message } from './message';
import { isWithin, spanOf, type Parameters } from './parameters';
import { receptorOf } from './receptor';

const HOUR_MS = 3_600_000;
const KNOWN_BY_ID_MS = 48 * HOUR_MS;
const KNOWN_BY_LOCAL_ID_MS = 12 * HOUR_MS;
const MOST_IDS = 500;

/** `sms/status`: what became of up to 500 messages of the last 48 hours; 100 for all others. */
export function status(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  return readMessageIds(parameters).map((messageId) => {
    const message = ownMessage(kavenegar, account, messageId);
    return statusRecord(isKnown(kavenegar, message, KNOWN_BY_ID_MS) ? message : { messageId, status: 100 });
  });
}

/** `sms/statuslocalmessageid`: the same by `localid`, for the last 12 hours. */
export function statusByLocalId(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const ids = parameters.list('localid');
  if (ids.length > kavenegar.switches().statusByLocalIdLimit) throw new Refusal(414);
  return ids.map((localid) => {
    const messageId = kavenegar.localIds.find(account.key, localid) ?? '0';
    const message = ownMessage(kavenegar, account, messageId);
    const known = isKnown(kavenegar, message, KNOWN_BY_LOCAL_ID_MS);
    const { messageid, ...rest } = statusRecord(known ? message : { messageId: '0', status: 100 });
    return { messageid, localid, ...rest };
  });
}

/** `sms/statusbyreceptor`: what went to one receptor within a day. */
export function statusByReceptor(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const receptor = receptorOf(parameters.required('receptor'), kavenegar.switches(), { mayBeAbroad: true });
  const span = spanOf(parameters, kavenegar.kit.clock.now());
  return kavenegar.messages
    .all()
    .filter(({ apiKey, startsAt }) => apiKey === account.key && isWithin(startsAt, span))
    .filter((message) => message.receptor.e164 === receptor.e164)
    .map((message) => {
      const { messageid, ...rest } = statusRecord(message);
      return { messageid, receptor: receptor.local, ...rest };
    });
}

/** `sms/cancel`: gives back what a scheduled message costs. The others stay as they are. */
export function cancel(kavenegar: Kavenegar, account: Account, parameters: Parameters): unknown {
  const isStrict = kavenegar.switches().cancelLimit === '200-with-412';
  const limit = isStrict ? { most: 200, code: 412 } : { most: MOST_IDS, code: 414 };
  return readMessageIds(parameters, limit).map((messageId) => {
    const message = ownMessage(kavenegar, account, messageId);
    if (message?.status !== 2) return statusRecord(message ?? { messageId, status: 100 });
    const { credit } = kavenegar.accounts.find(account.key) ?? account;
    kavenegar.accounts.put(account.key, { credit: credit + message.cost });
    const change = { status: 13, steps: [], arrivesAt: null } as const;
    return statusRecord(kavenegar.messages.change(message, change, 'cancelled'));
  });
}

/** The ids of a call. Throws 400 for what is no id, and the limit's code for too many. */
export function readMessageIds(
  parameters: Parameters,
  { most, code }: { most: number; code: number } = { most: MOST_IDS, code: 414 },
): string[] {
  const ids = parameters.list('messageid');
  if (ids.some((id) => !/^\d{1,15}$/.test(id))) throw new Refusal(400);
  if (ids.length > most) throw new Refusal(code);
  return ids;
}

/** A message of this account. */
export function ownMessage(
  { messages }: Kavenegar,
  { key }: Account,
  messageId: string,
): Message | undefined {
  const message = messages.find(messageId);
  return message?.apiKey === key ? message : undefined;
}

function isKnown({ kit }: Kavenegar, message: Message | undefined, forMs: number): message is Message {
  return message !== undefined && kit.clock.now() - message.startsAt <= forMs;
}
