import { json, page, type Answer } from '../../kit/answer';
import type { Call } from '../../kit/call';
import { orNull, readQuery, text, wholeNumber } from '../../kit/fields';
import { demandOwnPlace } from '../../kit/own-routes';
import type { Endpoint, Provider } from '../../kit/provider';
import type { InboxMessage, InboxSource } from './inbox-message';
import { findPage, inboxPage, INBOX_RIBBON, INBOX_TITLE } from './inbox-page';
import { numberFilter } from './number-filter';

const FILTER = {
  to: orNull(text()),
  provider: orNull(text()),
  limit: wholeNumber(100, { least: 1, most: 1_000 }),
};
const SHOWN_ON_A_PAGE = 100;

/**
 * One phone for every number: what all SMS sandboxes have sent, newest first, as a page for people and as JSON for tests. It keeps
 * no message itself.
 */
export function smsInboxProvider(sources: readonly InboxSource[]): Provider {
  const messages = (to: string | null) =>
    sources
      .flatMap((source) => source.messages())
      .filter(numberFilter(to ?? ''))
      .toSorted((a, b) => b.sentAt - a.sentAt);
  return {
    name: 'sms-inbox',
    title: INBOX_TITLE,
    ribbon: INBOX_RIBBON,
    targets: [],
    mask,
    open: () => ({
      endpoints: [
        endpoint('inbox', '/', ({ language, url }) => {
          const to = url.searchParams.get('to');
          const found = messages(to);
          const shown = found.slice(0, SHOWN_ON_A_PAGE);
          return page(200, inboxPage({ language, to, messages: shown, total: found.length }));
        }),
        endpoint('find', '/find', ({ language }) => page(200, findPage(language, numbersOf(messages(null))))),
        endpoint('messages', '/messages', ({ url }) => {
          const { to, provider, limit } = readQuery(FILTER, url.searchParams);
          const found = messages(to).filter((message) => provider === null || message.provider === provider);
          return json(200, { total: found.length, messages: found.slice(0, limit) });
        }),
      ],
      overview: () => ({ messages: messages(null).length }),
    }),
  };
}

/** Not for pages of the web, which could read codes through a browser on this machine. */
function endpoint(name: string, path: string, answer: (call: Call) => Answer): Endpoint {
  return {
    name,
    methods: ['GET'],
    path,
    answer(call) {
      demandOwnPlace(call);
      return answer(call);
    },
  };
}

/** The numbers with the newest messages first. */
function numbersOf(messages: readonly InboxMessage[]): readonly string[] {
  return [...new Set(messages.map(({ to }) => to))].slice(0, SHOWN_ON_A_PAGE);
}

/** The journal keeps no answers: they hold numbers and texts, and pages that refresh themselves would fill it. */
function mask<T>(note: T): T {
  return JSON.parse(
    JSON.stringify(note, (name, value: unknown) => (name === 'answer' ? undefined : value)),
  ) as T;
}
