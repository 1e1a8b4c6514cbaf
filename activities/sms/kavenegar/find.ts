import type { FindOutcome } from '../../../workflows/sms/sms-provider.steps';
import { unknown } from '../ask-provider';
import { found, isTaken, matchLost, NOT_LISTED, windowOf, type ListedSms } from '../match-lost';
import { iranianSpelling, readCost, readMessageId, readSeconds } from '../read-values';
import type { LostSms } from '../sms-provider';
import { entriesOf, failure, succeeded, type KavenegarClient } from './client';
import { NOT_KNOWN } from './report';

/** A call that nobody waits for any more may still take effect: until then a missing message says nothing. */
const SETTLED_AFTER_MS = 60_000;
/** Kavenegar forgets a `localid` after 12 hours. A look just before could be answered just after. */
const REFERENCE_LIFETIME_MS = 11.5 * 3_600_000;
/** What one `sms/select` may ask for. */
const MOST_SELECTED = 500;
const IP_NOT_SET = '407';

/** Whether a reference that Kavenegar does not know so long after a call proves that the call had no effect. */
export function isSettled(ageMs: number): boolean {
  return ageMs >= SETTLED_AFTER_MS && ageMs < REFERENCE_LIFETIME_MS;
}

/** Looks for a lost text by its `localid`, and for a lost template message by number, time and, where allowed, text. */
export function createKavenegarFind(
  call: KavenegarClient,
  now: () => number,
): (lost: LostSms) => Promise<FindOutcome> {
  async function findReference({ reference, sentAt }: LostSms): Promise<FindOutcome> {
    const reply = await call('sms/statuslocalmessageid', { localid: reference });
    if (reply.kind !== 'reply') return reply;
    if (!succeeded(reply)) return failure(reply);
    const entry = entriesOf(reply).find(({ localid }) => String(localid) === reference);
    if (entry === undefined) return unknown('an answer that is not about the reference');
    if (entry['status'] === NOT_KNOWN) {
      return { kind: 'not_found', isCertain: isSettled(now() - sentAt.getTime()) };
    }
    const id = readMessageId(entry['messageid']);
    return id === undefined ? unknown('a message without its id') : found(id);
  }

  async function findByNumber(lost: LostSms): Promise<FindOutcome> {
    const { fromMs, toMs } = windowOf(lost);
    const reply = await call('sms/statusbyreceptor', {
      receptor: iranianSpelling(lost.to),
      startdate: seconds(fromMs),
      enddate: seconds(toMs),
    });
    if (reply.kind !== 'reply') return reply;
    if (!succeeded(reply)) return failure(reply);
    const ids = entriesOf(reply)
      .map(({ messageid }) => readMessageId(messageid))
      .filter((id) => id !== undefined)
      .filter((id) => !isTaken(id, lost));
    return ids.length === 0 ? NOT_LISTED : compareTexts(ids.slice(0, MOST_SELECTED), lost);
  }

  /** Only accounts that have set their servers' addresses may read texts. Without them the only message that it can be is it. */
  async function compareTexts(ids: readonly string[], lost: LostSms): Promise<FindOutcome> {
    const reply = await call('sms/select', { messageid: ids.join(',') });
    if (reply.kind !== 'reply') return reply;
    if (succeeded(reply)) return matchLost(entriesOf(reply).flatMap(readRecord), lost);
    const refusal = failure(reply);
    const mayNotRead = refusal.kind === 'refused' && refusal.code === IP_NOT_SET;
    if (!mayNotRead) return refusal;
    if (ids.length === 1 && lost.otherMessageIds !== undefined) return found(ids[0]!);
    return unknown(
      'messages to this number whose texts cannot be read: the IP address must be set in the panel',
    );
  }

  return (lost) => (lost.operation === 'text' ? findReference(lost) : findByNumber(lost));
}

function readRecord(record: Readonly<Record<string, unknown>>): ListedSms[] {
  const providerMessageId = readMessageId(record['messageid']);
  const sentAtMs = readSeconds(record['date']);
  const text = record['message'];
  if (providerMessageId === undefined || sentAtMs === undefined || typeof text !== 'string') return [];
  return [{ providerMessageId, sentAtMs, text, ...readCost(record['cost'], 'rial') }];
}

function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
