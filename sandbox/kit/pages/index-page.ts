import type { SandboxClock } from '../clock';
import { shownNumber, shownTime, type Language, type Wording } from './language';
import { button, code, detail, layout } from './layout';
import { markup, type Markup } from './markup';

const MINUTE_MS = 60_000;

const SAID = {
  address: { fa: 'نشانی', en: 'Address' },
  control: { fa: 'کنترل', en: 'Control' },
  clock: { fa: 'ساعت', en: 'Clock' },
  frozen: { fa: 'ایستاده', en: 'standing still' },
  shifted: { fa: 'دقیقه جابه‌جا', en: 'minutes shifted' },
  armed: { fa: 'رفتارهای فعال‌شده', en: 'Armed' },
  disarm: { fa: 'همه را بردار', en: 'Disarm all' },
  realTime: { fa: 'ساعت واقعی', en: 'Real time' },
} satisfies Record<string, Wording>;

const FORWARD: Wording = { fa: 'دقیقه جلو', en: 'minutes forward' };
const FORWARD_BY = [5, 31];

/** What the index page shows. */
export interface IndexParts {
  readonly language: Language;
  readonly title: Wording;
  readonly ribbon: Wording;
  readonly url: string;
  readonly controlPrefix: string;
  readonly clock: SandboxClock;
  /** What makes calls go otherwise than by default, a line each. */
  readonly armed: readonly string[];
  /** The provider's own part. */
  readonly own: Markup | null;
}

/** Where everything is, the clock with its buttons, what is armed, and what the provider shows. */
export function indexPage({
  language,
  title,
  ribbon,
  url,
  controlPrefix,
  clock,
  armed,
  own,
}: IndexParts): Markup {
  const action = `${controlPrefix}/page/clock`;
  const clockButton = (minutes: string, label: string) =>
    markup`<form method="post" action="${action}">${button('minutes', minutes, label)}</form>`;
  const body = markup`<section class="card">
      <h1>${title[language]}</h1>
      <dl>
        ${detail(SAID.address[language], code(url))}
        ${detail(SAID.control[language], markup`<a class="code" href="${controlPrefix}">${url}${controlPrefix}</a>`)}
        ${detail(SAID.clock[language], markup`${shownTime(language, clock.now())}${clockNote(language, clock)}`)}
      </dl>
      <div class="row">
        ${FORWARD_BY.map((minutes) => clockButton(String(minutes), `${shownNumber(language, minutes)} ${FORWARD[language]}`))}
        ${clockButton('reset', SAID.realTime[language])}
      </div>
    </section>
    ${armed.length === 0 ? null : armedCard(language, controlPrefix, armed)}
    ${own}`;
  return layout({ language, title, ribbon, body, isWide: true });
}

function armedCard(language: Language, controlPrefix: string, armed: readonly string[]): Markup {
  return markup`<section class="card">
      <h1>${SAID.armed[language]} <span class="badge">${shownNumber(language, armed.length)}</span></h1>
      <ul>${armed.map((line) => markup`<li>${code(line)}</li>`)}</ul>
      <form method="post" action="${controlPrefix}/page/disarm">${button('disarm', 'all', SAID.disarm[language])}</form>
    </section>`;
}

/** Does what a clock button says. */
export function pressClockButton(clock: SandboxClock, minutes: string): void {
  if (minutes === 'reset') clock.reset();
  else if (/^\d{1,4}$/.test(minutes)) clock.advance(Number(minutes) * MINUTE_MS);
}

function clockNote(language: Language, clock: SandboxClock): Markup | null {
  const { frozenAt, offsetMs } = clock.setting();
  if (frozenAt !== null) return markup` <span class="badge">${SAID.frozen[language]}</span>`;
  if (offsetMs === 0) return null;
  const minutes = shownNumber(language, Math.round(offsetMs / MINUTE_MS));
  return markup` <span class="badge">${minutes} ${SAID.shifted[language]}</span>`;
}
