import type { FindOutcome } from '../../../workflows/sms/sms-provider.steps';
import { isRecord } from '../../provider-json';
import { unknown } from '../ask-provider';
import { matchLost, NOT_LISTED, windowOf, type ListedSms } from '../match-lost';
import { readCost, readMessageId, readSeconds } from '../read-values';
import type { LostSms } from '../sms-provider';
import { failure, succeeded, type SmsIrClient } from './client';
import { SMS_IR_UNIT } from './report';

const PAGE_SIZE = 100;
/** The order of the lists is not documented, so all of a day may have to be read. */
const MOST_PAGES = 50;
/** A step has 15 s, and one call may take 5. */
const LONGEST_SEARCH_MS = 8_000;

const DAY_MS = 86_400_000;
/** Iran has had no summer time since 2022. */
const TEHRAN_OFFSET_MS = 3.5 * 3_600_000;

/** Looks for a lost send in the messages of today and, where it may be older, of the days before: days of Tehran. */
export function createSmsIrFind(
  client: SmsIrClient,
  now: () => number,
): (lost: LostSms) => Promise<FindOutcome> {
  async function search(
    path: string,
    query: Readonly<Record<string, number>>,
    lost: LostSms,
    until: number,
  ): Promise<FindOutcome> {
    for (let pageNumber = 1; pageNumber <= MOST_PAGES && now() <= until; pageNumber += 1) {
      const reply = await client.get(path, { ...query, pageSize: PAGE_SIZE, pageNumber });
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return failure(reply);
      const rows = reply.envelope.data;
      if (!Array.isArray(rows)) return unknown('a list of messages that is not a list');
      const outcome = matchLost(
        rows.flatMap((row) => readRow(row, lost.to)),
        lost,
      );
      if (outcome.kind === 'found' || rows.length < PAGE_SIZE) return outcome;
    }
    return unknown('more messages than can be looked through');
  }

  return async (lost) => {
    const started = now();
    const until = started + LONGEST_SEARCH_MS;
    const today = Math.floor((started + TEHRAN_OFFSET_MS) / DAY_MS) * DAY_MS - TEHRAN_OFFSET_MS;
    const { fromMs, toMs } = windowOf(lost);
    const live = toMs >= today ? await search('send/live', {}, lost, until) : NOT_LISTED;
    if (live.kind !== 'not_found' || fromMs >= today) return live;
    const days = { fromDate: seconds(fromMs), toDate: seconds(Math.min(toMs, today - 1)) };
    return search('send/archive', days, lost, until);
  };
}

/** A row of a list, when it is readable and about this number. Lists have mobile numbers without the leading zero. */
function readRow(row: unknown, to: string): ListedSms[] {
  if (!isRecord(row) || to !== `+98${String(row['mobile'])}`) return [];
  const providerMessageId = readMessageId(row['messageId']);
  const sentAtMs = readSeconds(row['sendDateTime']);
  const text = row['messageText'];
  if (providerMessageId === undefined || sentAtMs === undefined || typeof text !== 'string') return [];
  return [{ providerMessageId, sentAtMs, text, ...readCost(row['cost'], SMS_IR_UNIT) }];
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
