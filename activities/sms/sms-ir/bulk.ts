import type { BulkReport, BulkResult, BulkSendOutcome } from '../../../entities/campaigns/bulk-outcome';
import type { HttpClient } from '../../../platform/http-client';
import { isRecord } from '../../provider-json';
import { refused, unknown, type Asked } from '../ask-provider';
import { takenAtWorst, type BulkSms, type LostBulk } from '../bulk-sms';
import { matchLost, type ListedSms } from '../match-lost';
import { iranianSpelling, readCost, readMessageId, readSeconds } from '../read-values';
import { createSmsIrClient, failure, succeeded, type SmsIrAccount, type SmsIrEnvelope } from './client';
import { decideReport, SMS_IR_UNIT } from './report';

/** What one `send/likeToLike` may have. */
const MOST_AT_ONCE = 100;
const PAGE_SIZE = 100;
/** The status of an answer about a pack that SMS.ir does not know. */
const NO_SUCH_SEND = 111;
/** A campaign of 20,000 has 200 packs. The order of the list is not documented, so all of a day may have to be read. */
const MOST_PAGES = 20;
/** How far the provider's time of a pack may be from ours. */
const EARLIER_MS = 60_000;
const LATER_MS = 5 * 60_000;
/** A step has 15 s, and one call may take 5. */
const LONGEST_SEARCH_MS = 8_000;

/**
 * Many messages through SMS.ir, by `send/likeToLike`. There is no idempotency key: a lost call is looked for among the packs of today, of
 * the same size and time, and is known again by its numbers and texts.
 * https://sms.ir/developer-web-service/rest-api/
 */
export function createSmsIrBulk(
  { line, now = Date.now, ...account }: SmsIrAccount & { readonly line: string; readonly now?: () => number },
  http: HttpClient,
): BulkSms {
  const client = createSmsIrClient(account, http);

  /** The names of the packs that a lost call may be. */
  async function packsLike({ sentAt }: LostBulk, until: number) {
    const found: { readonly packId: string; readonly distance: number }[] = [];
    for (let pageNumber = 1; pageNumber <= MOST_PAGES && now() <= until; pageNumber += 1) {
      const reply = await client.get('send/pack', { pageSize: PAGE_SIZE, pageNumber });
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return failure(reply);
      const listed = reply.envelope.data;
      if (!Array.isArray(listed)) return unknown('a list of packs that is not a list');
      for (const pack of listed.filter(isRecord)) {
        const at = readSeconds(pack['creationDateTime']);
        const distance = at === undefined ? Infinity : at - sentAt.getTime();
        const packId = pack['packId'];
        const isNear = distance >= -EARLIER_MS && distance <= LATER_MS;
        if (isNear && typeof packId === 'string' && isName(packId))
          found.push({ packId, distance: Math.abs(distance) });
      }
      if (listed.length < PAGE_SIZE) {
        const nearest = found.toSorted((one, other) => one.distance - other.distance);
        return { kind: 'packs', found: nearest.map((pack) => pack.packId) } as const;
      }
    }
    return unknown('more packs than can be looked through');
  }

  return {
    name: 'sms-ir',
    mostAtOnce: MOST_AT_ONCE,

    async sendAll(texts) {
      const reply = await client.post('send/likeToLike', {
        lineNumber: Number(line),
        messageTexts: texts.map(({ text }) => text),
        mobiles: texts.map(({ to }) => iranianSpelling(to)),
      });
      return decideSend(
        reply,
        texts.map(({ reference }) => reference),
      );
    },

    async findAll(lost) {
      const until = now() + LONGEST_SEARCH_MS;
      const packs = await packsLike(lost, until);
      if (packs.kind !== 'packs') return packs;
      const like = { operation: 'text', sentAt: lost.sentAt } as const;
      for (const packId of packs.found) {
        if (now() > until) return unknown('more packs than can be looked through');
        const reply = await client.get(`send/pack/${encodeURIComponent(packId)}`);
        if (reply.kind !== 'reply') return reply;
        if (!succeeded(reply)) continue;
        const listed = rowsOf(reply).flatMap(readRow);
        const results = lost.texts.flatMap(({ to, text, reference }): BulkResult[] => {
          const toOne = listed.filter((row) => row.to === to);
          const match = matchLost(toOne, { ...like, to, text, reference });
          if (match.kind !== 'found') return [];
          return [{ kind: 'accepted', reference, providerMessageId: match.providerMessageId }];
        });
        // A pack is taken as a whole: who is not in it was on the blacklist, or will never be known.
        if (results.length === 0) continue;
        // Only of these: an earlier search has counted the others.
        const ids = new Set(results.map((one) => one.kind === 'accepted' && one.providerMessageId));
        const costs = listed.flatMap(({ providerMessageId, cost }) =>
          cost !== undefined && ids.has(providerMessageId) ? { ...cost, messages: 1 } : [],
        );
        return { kind: 'searched', packId, results, costs, areOthersCertain: false };
      }
      return { kind: 'searched', results: [], costs: [], areOthersCertain: false };
    },

    async reportAll({ packId, providerMessageIds }) {
      // Nothing can be asked about it.
      if (packId === null) return { kind: 'reports', reports: [] };
      const reply = await client.get(`send/pack/${encodeURIComponent(packId)}`);
      if (reply.kind !== 'reply') return reply;
      if (reply.envelope.code === NO_SUCH_SEND) return { kind: 'reports', reports: [] };
      if (!succeeded(reply)) return failure(reply);
      const wanted = new Set(providerMessageIds);
      const reports = rowsOf(reply).flatMap((row): BulkReport[] => {
        const id = readMessageId(row['messageId']);
        if (id === undefined || !wanted.has(id)) return [];
        const said = decideReport({ ...reply, envelope: { ...reply.envelope, data: row } }, id);
        if (said.kind !== 'report') return [];
        const { state, code, class: stop } = said;
        return [{ providerMessageId: id, state, code, ...(stop && { class: stop }) }];
      });
      return { kind: 'reports', reports };
    },
  };
}

/** Ids stand in the places of their recipients: 0 is on the blacklist, null is not valid. */
function decideSend(reply: Asked<SmsIrEnvelope>, references: readonly string[]): BulkSendOutcome {
  if (reply.kind !== 'reply') return reply;
  const { status } = reply;
  if (status >= 500) return unknown(`HTTP ${status}`);
  if (!succeeded(reply)) return takenAtWorst(failure(reply), status);
  const { data } = reply.envelope;
  if (!isRecord(data)) return unknown('a success without data');
  const { messageIds, packId, cost } = data;
  if (!Array.isArray(messageIds) || messageIds.length !== references.length)
    return unknown('a success without an id in each place');
  const results = (messageIds as unknown[]).flatMap((id, at): BulkResult[] => {
    const reference = references[at]!;
    if (id === 0) return [{ ...refused('stop', 'id 0', 'the mobile number is on the blacklist'), reference }];
    if (id === null) return [{ ...refused('stop', 'id null', 'the mobile number is not valid'), reference }];
    const providerMessageId = readMessageId(id);
    return providerMessageId === undefined ? [] : [{ kind: 'accepted', reference, providerMessageId }];
  });
  const { cost: paid } = readCost(cost, SMS_IR_UNIT);
  const messages = results.filter((one) => one.kind === 'accepted').length;
  const name = typeof packId === 'string' && isName(packId) ? { packId } : {};
  return { kind: 'answered', results, costs: paid ? [{ ...paid, messages }] : [], ...name };
}

function isName(packId: string): boolean {
  return /^[\da-f-]{32,36}$/i.test(packId);
}

function rowsOf({ envelope }: Extract<Asked<SmsIrEnvelope>, { kind: 'reply' }>): Record<string, unknown>[] {
  return Array.isArray(envelope.data) ? (envelope.data as unknown[]).filter(isRecord) : [];
}

/** Lists have mobile numbers without the leading zero. */
function readRow(row: Readonly<Record<string, unknown>>): (ListedSms & { readonly to: string })[] {
  const providerMessageId = readMessageId(row['messageId']);
  const sentAtMs = readSeconds(row['sendDateTime']);
  const text = row['messageText'];
  if (providerMessageId === undefined || sentAtMs === undefined || typeof text !== 'string') return [];
  const to = `+98${String(row['mobile'])}`;
  return [{ providerMessageId, sentAtMs, text, to, ...readCost(row['cost'], SMS_IR_UNIT) }];
}
