import { shownNumber, shownTime, type Language, type Wording } from '../../kit/pages/language';
import { button, code, layout } from '../../kit/pages/layout';
import { markup, type Markup } from '../../kit/pages/markup';
import { codeOf } from './code-of';
import type { InboxMessage } from './inbox-message';

export const INBOX_TITLE: Wording = { fa: 'صندوق پیامک', en: 'SMS inbox' };
export const INBOX_RIBBON: Wording = {
  fa: 'پیامک‌های همهٔ سندباکس‌ها؛ هیچ‌کدام واقعاً فرستاده نشده است',
  en: 'Messages of all sandboxes: none was really sent',
};

const REFRESH_SECONDS = 5;

const SAID = {
  all: { fa: 'همهٔ پیام‌ها', en: 'All messages' },
  find: { fa: 'یافتن یک شماره', en: 'Find a number' },
  show: { fa: 'نمایش', en: 'Show' },
  number: { fa: 'شماره یا رقم‌های آخر آن', en: 'A number, or its last digits' },
  none: { fa: 'هنوز پیامی نیست.', en: 'There is no message yet.' },
  from: { fa: 'از', en: 'from' },
  template: { fa: 'قالب', en: 'template' },
  newest: { fa: 'پیام تازه‌تر نمایش داده شده', en: 'newest messages are shown' },
} satisfies Record<string, Wording>;

const STATES: Readonly<Record<InboxMessage['state'], Wording & { readonly tone: '' | 'good' | 'bad' }>> = {
  pending: { fa: 'در راه', en: 'on its way', tone: '' },
  delivered: { fa: 'رسیده', en: 'delivered', tone: 'good' },
  undelivered: { fa: 'نرسیده', en: 'not delivered', tone: 'bad' },
  failed: { fa: 'ناموفق', en: 'failed', tone: 'bad' },
};

/** What the page shows. */
export interface InboxView {
  readonly language: Language;
  /** The number that was asked for; null for all. */
  readonly to: string | null;
  /** Newest first. */
  readonly messages: readonly InboxMessage[];
  /** How many there are, with those that are not shown. */
  readonly total: number;
}

/** All messages, or those of a number as a conversation. It loads itself again every few seconds. */
export function inboxPage({ language, to, messages, total }: InboxView): Markup {
  const isAll = to === null || to === '';
  const said = (wording: Wording) => wording[language];
  const links = isAll
    ? markup`<a href="/find">${said(SAID.find)}</a>`
    : markup`<a href="/">${said(SAID.all)}</a> · <a href="/find">${said(SAID.find)}</a>`;
  const heading = isAll ? said(SAID.all) : markup`<bdi dir="ltr">${messages[0]?.to ?? to}</bdi>`;
  const more =
    total > messages.length
      ? markup`<p class="soft">${shownNumber(language, messages.length)} / ${shownNumber(language, total)} ${said(SAID.newest)}</p>`
      : null;
  const none = markup`<section class="card"><p class="soft">${said(SAID.none)}</p></section>`;
  const body = markup`<section class="card">
      <h1>${heading} <span class="badge">${shownNumber(language, total)}</span></h1>
      <p class="soft">${links}</p>
      ${more}
    </section>
    ${messages.length === 0 ? none : messages.map((message) => card(language, message))}`;
  const refresh = String(REFRESH_SECONDS);
  return layout({ language, title: INBOX_TITLE, ribbon: INBOX_RIBBON, body, refresh });
}

/** A field for a number, and the numbers that there are. It stays while somebody writes. */
export function findPage(language: Language, numbers: readonly string[]): Markup {
  const body = markup`<section class="card">
      <h1>${SAID.find[language]}</h1>
      <form action="/">
        <label>${SAID.number[language]}
          <input name="to" type="tel" dir="ltr" autocomplete="off">
        </label>
        ${button('show', '1', SAID.show[language], 'go')}
      </form>
      <p class="soft"><a href="/">${SAID.all[language]}</a></p>
    </section>
    <section class="card"><ul class="rows">${numbers.map((to) => markup`<li>${conversationLink(to)}</li>`)}</ul></section>`;
  return layout({ language, title: INBOX_TITLE, ribbon: INBOX_RIBBON, body });
}

function card(language: Language, message: InboxMessage): Markup {
  const { to, from, text, provider, template, sentAt, state } = message;
  const { [language]: label, tone } = STATES[state];
  const oneTimeCode = codeOf(text);
  const by = template === undefined ? null : markup` · ${SAID.template[language]} ${code(template)}`;
  return markup`<article class="card">
      <p>${conversationLink(to)} <span class="badge ${tone}">${label}</span></p>
      ${oneTimeCode === undefined ? null : markup`<p class="amount copy">${oneTimeCode}</p>`}
      <p class="text" dir="auto">${text}</p>
      <p class="soft">${shownTime(language, sentAt)} · ${provider} ${SAID.from[language]} ${code(from)}${by}</p>
    </article>`;
}

function conversationLink(to: string): Markup {
  return markup`<a href="/?to=${encodeURIComponent(to)}"><bdi dir="ltr">${to}</bdi></a>`;
}
