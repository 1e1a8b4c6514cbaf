import type { BulkReport, BulkResult } from '../../../entities/campaigns/bulk-outcome';
import type { HttpClient } from '../../../platform/http-client';
import { unknown } from '../ask-provider';
import { takenAtWorst, type BulkSms } from '../bulk-sms';
import { iranianSpelling, readCost, readMessageId } from '../read-values';
import { createKavenegarClient, entriesOf, failure, succeeded, type KavenegarAccount } from './client';
import { isSettled } from './find';
import { decideReport, NOT_KNOWN } from './report';

/** What one `sms/sendarray` may have. */
const MOST_AT_ONCE = 200;
/** Kavenegar's prices are in rials. */
const UNIT = 'rial';

/**
 * Many messages through Kavenegar, by `sms/sendarray`. Each carries our reference as its `localid`, by which a lost call is looked for: what
 * is not known a minute after the call has surely not gone out. https://kavenegar.com/rest.html
 */
export function createKavenegarBulk(
  {
    sender,
    now = Date.now,
    ...account
  }: KavenegarAccount & { readonly sender: string; readonly now?: () => number },
  http: HttpClient,
): BulkSms {
  const call = createKavenegarClient(account, http);
  return {
    name: 'kavenegar',
    mostAtOnce: MOST_AT_ONCE,

    async sendAll(texts) {
      const reply = await call('sms/sendarray', {
        receptor: JSON.stringify(texts.map(({ to }) => iranianSpelling(to))),
        sender: JSON.stringify(texts.map(() => sender)),
        message: JSON.stringify(texts.map(({ text }) => text)),
        localmessageids: JSON.stringify(texts.map(({ reference }) => reference)),
      });
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return takenAtWorst(failure(reply), reply.status);
      const entries = entriesOf(reply);
      if (entries.length !== texts.length) return unknown('a success without an entry in each place');
      const results = entries.flatMap((entry, at): BulkResult[] => {
        const providerMessageId = readMessageId(entry['messageid']);
        if (providerMessageId === undefined) return [];
        return [{ kind: 'accepted', reference: texts[at]!.reference, providerMessageId }];
      });
      const costs = entries.flatMap((entry) => {
        const { cost } = readCost(entry['cost'], UNIT);
        return cost === undefined ? [] : { ...cost, messages: 1 };
      });
      return { kind: 'answered', results, costs };
    },

    async findAll({ texts, sentAt }) {
      const references = new Set(texts.map(({ reference }) => reference));
      const reply = await call('sms/statuslocalmessageid', { localid: [...references].join(',') });
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return failure(reply);
      const about = entriesOf(reply).filter(({ localid }) => references.has(String(localid)));
      const results = about.flatMap((entry): BulkResult[] => {
        const providerMessageId = readMessageId(entry['messageid']);
        if (entry['status'] === NOT_KNOWN || providerMessageId === undefined) return [];
        return [{ kind: 'accepted', reference: String(entry['localid']), providerMessageId }];
      });
      const isAboutAll = new Set(about.map(({ localid }) => String(localid))).size === references.size;
      const missing = about.filter(({ status }) => status === NOT_KNOWN).length;
      const areOthersCertain =
        isAboutAll && results.length + missing === references.size && isSettled(now() - sentAt.getTime());
      return { kind: 'searched', results, costs: [], areOthersCertain };
    },

    async reportAll({ providerMessageIds }) {
      const reply = await call('sms/status', { messageid: providerMessageIds.join(',') });
      if (reply.kind !== 'reply') return reply;
      if (!succeeded(reply)) return failure(reply);
      const wanted = new Set(providerMessageIds);
      const reports = entriesOf(reply).flatMap((entry): BulkReport[] => {
        const id = readMessageId(entry['messageid']);
        if (id === undefined || !wanted.has(id)) return [];
        const said = decideReport({ ...reply, envelope: { ...reply.envelope, entries: [entry] } }, id);
        if (said.kind !== 'report') return [];
        const { state, code, class: stop } = said;
        return [{ providerMessageId: id, state, code, ...(stop && { class: stop }) }];
      });
      return { kind: 'reports', reports };
    },
  };
}
