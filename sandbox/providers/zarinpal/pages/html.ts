/** Text that is safe inside HTML and inside quoted attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const PERSIAN_NUMBER = new Intl.NumberFormat('fa-IR');
const TEHRAN_TIME = new Intl.DateTimeFormat('fa-IR', {
  timeZone: 'Asia/Tehran',
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** `۱۲۳٬۴۵۶` */
export function persianNumber(value: number): string {
  return PERSIAN_NUMBER.format(value);
}

/** Date and time of day in Tehran, in the Persian calendar. */
export function tehranTime(instant: number): string {
  return TEHRAN_TIME.format(instant);
}

/** A whole page: Persian, right to left, fit for a phone, nothing loaded from elsewhere. */
export function page(
  title: string,
  body: string,
  options: { refresh?: string; wide?: boolean } = {},
): string {
  const refresh = options.refresh ? `<meta http-equiv="refresh" content="${escaped(options.refresh)}">` : '';
  return `<!DOCTYPE html>
<html lang="fa" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${refresh}
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main${options.wide ? ' class="wide"' : ''}>
<p class="ribbon">محیط آزمایشی زرین‌پال؛ هیچ پولی جابه‌جا نمی‌شود</p>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { --ink: #1d2433; --soft: #5b6475; --line: #dfe3ea; --paper: #fff; --ground: #f2f4f8; --gold: #ffc925; --go: #12764a; --stop: #b3261e }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.8 Vazirmatn, 'Noto Sans Arabic', 'Noto Naskh Arabic', Tahoma, 'DejaVu Sans', sans-serif }
main { max-width: 30rem; margin: 0 auto; padding: 1rem }
main.wide { max-width: 68rem }
.ribbon { margin: 0 0 1rem; padding: .35rem .8rem; border-radius: .6rem; background: var(--gold); font-size: .85rem; text-align: center }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: 1.2rem; margin-bottom: 1rem }
h1 { font-size: 1.25rem; margin: 0 0 .6rem }
h2 { font-size: 1rem; margin: 0 0 .6rem }
p { margin: .4rem 0 }
.amount { font-size: 1.9rem; font-weight: 700; line-height: 1.4 }
.soft { color: var(--soft); font-size: .9rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: .8rem 0 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
.code { direction: ltr; unicode-bidi: isolate; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .85rem }
form { margin: 0 }
button, .button { display: block; width: 100%; min-height: 3rem; margin-top: .6rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .8rem; background: var(--paper); color: var(--ink); font: inherit; cursor: pointer; text-align: center; text-decoration: none }
form > button:first-child { margin-top: 0 }
button.go { background: var(--go); border-color: var(--go); color: #fff; font-weight: 700; font-size: 1.1rem }
button.stop { color: var(--stop); border-color: var(--stop) }
button:focus-visible, a:focus-visible { outline: 3px solid #2f6fed; outline-offset: 2px }
.sessions { list-style: none; margin: 0; padding: 0 }
.sessions a { display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: center; padding: .6rem 0; border-top: 1px solid var(--line); color: inherit; text-decoration: none }
.sessions .about { flex: 1 1 100%; overflow-wrap: anywhere }
.row { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .8rem }
.row form { flex: 1 1 9rem }
.badge { display: inline-block; padding: 0 .6rem; border-radius: 1rem; background: var(--ground); white-space: nowrap }
.badge.good { background: #d9f2e5; color: #0b5132 }
.badge.bad { background: #fbe3e1; color: #8a1c16 }
`;
