import { json, page } from '../../kit/answer';
import type { Call } from '../../kit/call';
import type { Provider } from '../../kit/provider';
import type { InboxMessage, InboxSource } from './inbox-message';
import { inboxPage, INBOX_RIBBON, INBOX_TITLE } from './inbox-page';

const SHOWN = 100;
const MOST = 500;

/** The inbox of all phones: every message of the sandboxes, newest first, for a person with a phone and for programs. */
export function smsInboxProvider(sources: readonly InboxSource[]): Provider {
  const messages = (wanted: Wanted) => select(sources, wanted);
  return {
    name: 'sms-inbox',
    title: INBOX_TITLE,
    ribbon: INBOX_RIBBON,
    targets: [],
    open: () => ({
      endpoints: [
        {
          name: 'inbox',
          methods: ['GET'],
          path: '/',
          answer: (call) => {
            const wanted = wantedBy(call);
            return page(200, inboxPage(call.language, messages(wanted), wanted.to));
          },
        },
        {
          name: 'messages',
          methods: ['GET'],
          path: '/messages',
          answer: (call) => json(200, { messages: messages(wantedBy(call)) }),
        },
      ],
    }),
  };
}

interface Wanted {
  /** E.164. */
  readonly to: string | undefined;
  readonly provider: string | undefined;
  readonly limit: number;
}

function wantedBy({ url: { searchParams } }: Call): Wanted {
  const limit = searchParams.get('limit') ?? '';
  return {
    // A plus in a query is a space, and people forget to encode it.
    to: searchParams.get('to')?.replace(/^ ?\+?/, '+') || undefined,
    provider: searchParams.get('provider') ?? undefined,
    limit: /^[1-9]\d{0,2}$/.test(limit) ? Math.min(Number(limit), MOST) : SHOWN,
  };
}

function select(sources: readonly InboxSource[], { to, provider, limit }: Wanted): InboxMessage[] {
  return sources
    .flatMap((source) => source.messages())
    .filter((message) => to === undefined || message.to === to)
    .filter((message) => provider === undefined || message.provider === provider)
    .toSorted((one, other) => other.sentAt - one.sentAt)
    .slice(0, limit);
}
