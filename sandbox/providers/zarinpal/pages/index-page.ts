import { pageReply, type Reply } from '../reply';
import type { Sandbox } from '../sandbox';
import { shownState, type Session, type ShownState } from '../session';
import { escaped, page, persianNumber, tehranTime } from './html';

const SHOWN_SESSIONS = 100;

const STATES: Readonly<Record<ShownState, { label: string; tone: '' | 'good' | 'bad' }>> = {
  ACTIVE: { label: 'در انتظار پرداخت', tone: '' },
  PAID: { label: 'پرداخت‌شده، تأییدنشده', tone: '' },
  VERIFIED: { label: 'تأییدشده', tone: 'good' },
  FAILED: { label: 'ناموفق', tone: 'bad' },
  REVERSED: { label: 'برگشت‌خورده', tone: 'bad' },
  RETURNED: { label: 'پول به خریدار برگشت', tone: 'bad' },
  REFUNDED: { label: 'استردادشده', tone: 'bad' },
};

/** The newest sessions, the clock, and where everything is. */
export function answerIndex(sandbox: Sandbox, url: string): Reply {
  const sessions = sandbox.sessions.all();
  const rows = sessions.slice(0, SHOWN_SESSIONS).map(sessionRow).join('\n');
  const list =
    sessions.length === 0
      ? '<p class="soft">هنوز هیچ تراکنشی ساخته نشده است.</p>'
      : `<ul class="sessions">\n${rows}\n</ul>`;
  return pageReply(
    200,
    page(
      'سندباکس زرین‌پال',
      `<section class="card"><h1>سندباکس زرین‌پال</h1>
<dl>
<dt>REST</dt><dd><span class="code">${escaped(url)}/pg/v4/payment/</span></dd>
<dt>GraphQL</dt><dd><span class="code">${escaped(url)}/api/v4/graphql/</span></dd>
<dt>کنترل</dt><dd><a class="code" href="/_sandbox">${escaped(url)}/_sandbox</a></dd>
<dt>ساعت</dt><dd>${tehranTime(sandbox.clock.now())}${clockNote(sandbox)}</dd>
</dl>
<div class="row">
${clockButton('5', '۵ دقیقه جلو')}
${clockButton('31', '۳۱ دقیقه جلو')}
${clockButton('reset', 'ساعت واقعی')}
</div></section>
<section class="card"><h2>${persianNumber(sessions.length)} تراکنش</h2>
${list}</section>`,
      { wide: true },
    ),
  );
}

function clockNote({ clock }: Sandbox): string {
  const { frozenAt, offsetMs } = clock.setting();
  if (frozenAt !== null) return ' <span class="badge">ایستاده</span>';
  if (offsetMs === 0) return '';
  return ` <span class="badge">${persianNumber(Math.round(offsetMs / 60_000))} دقیقه جابه‌جا</span>`;
}

function clockButton(value: string, label: string): string {
  return `<form method="post" action="/_sandbox/page/clock"><button name="minutes" value="${value}">${label}</button></form>`;
}

function sessionRow(session: Session): string {
  const { label, tone } = STATES[shownState(session)];
  const authority = escaped(session.authority);
  return `<li><a href="/pg/StartPay/${authority}"><b>${persianNumber(session.amountRial)} ریال</b>
<span class="badge ${tone}">${label}</span>
<span class="about" dir="auto">${escaped(session.description)}</span>
<span class="soft">${tehranTime(session.createdAt)}</span>
<span class="code">${authority.replace(/0{6,}/, '…')}</span></a></li>`;
}
