import { shownNumber, shownTime, type Language, type Wording } from '../../../kit/pages/language';
import { markup, type Markup } from '../../../kit/pages/markup';
import { shownState, type Session, type ShownState } from '../session';

const SHOWN_SESSIONS = 100;

const LABELS: Readonly<Record<ShownState, Wording & { readonly tone?: 'good' | 'bad' }>> = {
  ACTIVE: { fa: 'در انتظار پرداخت', en: 'waiting for payment' },
  PAID: { fa: 'پرداخت‌شده، تأییدنشده', en: 'paid, not verified' },
  VERIFIED: { fa: 'تأییدشده', en: 'verified', tone: 'good' },
  FAILED: { fa: 'ناموفق', en: 'failed', tone: 'bad' },
  REVERSED: { fa: 'برگشت‌خورده', en: 'reversed', tone: 'bad' },
  RETURNED: { fa: 'پول به خریدار برگشت', en: 'the buyer has the money back', tone: 'bad' },
  REFUNDED: { fa: 'استردادشده', en: 'refunded', tone: 'bad' },
};

/** The newest sessions, each with a way to its pay page. */
export function sessionList(language: Language, sessions: readonly Session[]): Markup {
  const count = shownNumber(language, sessions.length);
  const heading = { fa: `${count} تراکنش`, en: `${count} payments` }[language];
  const none = { fa: 'هنوز هیچ تراکنشی ساخته نشده است.', en: 'There is no payment yet.' }[language];
  const rows = sessions.slice(0, SHOWN_SESSIONS).map((session) => sessionRow(language, session));
  const list =
    rows.length === 0 ? markup`<p class="soft">${none}</p>` : markup`<ul class="rows">${rows}</ul>`;
  return markup`<section class="card">
    <h2>${heading}</h2>
    ${list}
  </section>`;
}

function sessionRow(language: Language, session: Session): Markup {
  const { [language]: label, tone = '' } = LABELS[shownState(session)];
  const { authority, amountRial, description, createdAt } = session;
  const rials = { fa: 'ریال', en: 'rials' }[language];
  return markup`<li><a href="/pg/StartPay/${authority}">
    <b>${shownNumber(language, amountRial)} ${rials}</b>
    <span class="badge ${tone}">${label}</span>
    <span class="about" dir="auto">${description}</span>
    <span class="soft">${shownTime(language, createdAt)}</span>
    <span class="code">${authority.replace(/0{6,}/, '…')}</span>
  </a></li>`;
}
