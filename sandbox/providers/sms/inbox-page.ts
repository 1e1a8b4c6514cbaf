import { shownTime, type Language, type Wording } from '../../kit/pages/language';
import { layout } from '../../kit/pages/layout';
import { markup, type Markup } from '../../kit/pages/markup';
import type { InboxMessage } from './inbox-message';

export const INBOX_TITLE: Wording = { fa: 'صندوق پیامک', en: 'SMS inbox' };
export const INBOX_RIBBON: Wording = {
  fa: 'پیامک‌های سندباکس: هیچ‌کدام به گوشی کسی نرسیده است',
  en: 'Messages of the sandboxes: none of them reached a real phone',
};

const STATES: Readonly<Record<InboxMessage['state'], Wording & { readonly tone?: 'good' | 'bad' }>> = {
  pending: { fa: 'در راه', en: 'on its way' },
  delivered: { fa: 'رسیده', en: 'delivered', tone: 'good' },
  undelivered: { fa: 'نرسیده', en: 'not delivered', tone: 'bad' },
  failed: { fa: 'ناموفق', en: 'failed', tone: 'bad' },
};

const SAID = {
  none: { fa: 'هنوز پیامکی فرستاده نشده است.', en: 'There is no message yet.' },
  all: { fa: 'همهٔ شماره‌ها', en: 'All numbers' },
} satisfies Record<string, Wording>;

/** How often the page looks for new messages, in seconds. */
const REFRESH_SECONDS = 5;

/** @param to the number whose messages these are; undefined for those of all numbers */
export function inboxPage(
  language: Language,
  messages: readonly InboxMessage[],
  to: string | undefined,
): Markup {
  const list =
    messages.length === 0
      ? markup`<section class="card"><p class="soft">${SAID.none[language]}</p></section>`
      : markup`${messages.map((message) => messageCard(language, message))}`;
  const heading =
    to === undefined
      ? markup`<h1>${INBOX_TITLE[language]}</h1>`
      : markup`<h1><span class="code">${to}</span></h1><p><a href="/?lang=${language}">${SAID.all[language]}</a></p>`;
  const address = new URLSearchParams({ lang: language, ...(to === undefined ? {} : { to }) });
  return layout({
    language,
    title: INBOX_TITLE,
    ribbon: INBOX_RIBBON,
    body: markup`${heading}${list}`,
    refresh: `${REFRESH_SECONDS}; url=/?${address}`,
  });
}

function messageCard(language: Language, message: InboxMessage): Markup {
  const { [language]: label, tone = '' } = STATES[message.state];
  const conversation = new URLSearchParams({ lang: language, to: message.to });
  const code = codeIn(message.text);
  return markup`<section class="card">
    <p class="soft"><a class="code" href="/?${conversation.toString()}">${message.to}</a>
      <span class="badge ${tone}">${label}</span></p>
    ${code === undefined ? null : markup`<p class="amount code">${code}</p>`}
    <p dir="auto" style="white-space: pre-wrap; overflow-wrap: anywhere">${message.text}</p>
    <p class="soft">${message.provider} <span class="code">${message.from}</span> · ${shownTime(language, message.sentAt)}</p>
  </section>`;
}

/** The one-time code of a message, as browsers find it: after the mark in its last line. */
function codeIn(text: string): string | undefined {
  return /^@\S+ #(\w+)/.exec(text.split('\n').at(-1)!)?.[1];
}
