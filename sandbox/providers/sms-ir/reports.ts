import type { Call } from '../../kit/call';
import type { Account } from './accounts';
import { Refusal } from './codes';
import { dayOf, inArchive, pageOf } from './lists';
import { report, seconds, type Message } from './message';
import type { SmsIr } from './sms-ir';

/** `GET /send/{messageId}`. */
export function reportMessage({ messages }: SmsIr, { key }: Account, { params: { id = '' } }: Call): unknown {
  const message = messages.find(String(Number(id)));
  if (message?.apiKey !== key || message.isCancelled) throw new Refusal(111);
  return report(message);
}

/** `GET /send/pack`: the packs of today. */
export function listPacks(smsIr: SmsIr, { key }: Account, call: Call): unknown {
  const today = dayOf(smsIr.kit.clock.now());
  const packs = smsIr.packs
    .all()
    .filter((pack) => pack.apiKey === key && !pack.isCancelled && dayOf(pack.createdAt) === today);
  return pageOf(ordered(smsIr, packs), call).map(({ packId, recipientCount, createdAt }) => ({
    ...{ packId, recipientCount },
    creationDateTime: seconds(createdAt),
  }));
}

/** `GET /send/pack/{packId}`. */
export function reportPack({ messages }: SmsIr, { key }: Account, { params: { id = '' } }: Call): unknown {
  const packId = id.toLowerCase();
  const ofPack = messages.all().filter((message) => message.packId === packId && !message.isCancelled);
  if (ofPack[0]?.apiKey !== key) throw new Refusal(111);
  return ofPack.toReversed().map(report);
}

/** `GET /send/live`: what was sent today. */
export function listLive(smsIr: SmsIr, account: Account, call: Call): unknown {
  const now = smsIr.kit.clock.now();
  return list(smsIr, account, call, (at) => dayOf(at) === dayOf(now) && at <= now);
}

/** `GET /send/archive`: what was sent until the end of yesterday. */
export function listArchive(smsIr: SmsIr, account: Account, call: Call): unknown {
  return list(smsIr, account, call, inArchive(call, smsIr.kit.clock.now()));
}

function list(smsIr: SmsIr, { key }: Account, call: Call, isShown: (sendAt: number) => boolean): unknown {
  const shown = ({ apiKey, isCancelled, sendAt }: Message) =>
    apiKey === key && !isCancelled && isShown(sendAt);
  return pageOf(ordered(smsIr, smsIr.messages.all().filter(shown)), call).map(report);
}

function ordered<T>({ switches }: SmsIr, newestFirst: readonly T[]): readonly T[] {
  return switches().listOrder === 'newest-first' ? newestFirst : newestFirst.toReversed();
}
