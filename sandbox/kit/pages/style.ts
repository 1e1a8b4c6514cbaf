import { markup } from './markup';

/** The only style of all pages. Colours follow the reader's system. */
export const STYLE = markup`
:root {
  color-scheme: light dark;
  --ink: #1d2433; --soft: #5b6475; --line: #dfe3ea; --card: #fff; --ground: #f2f4f8;
  --ribbon: #ffc925; --on-ribbon: #1d2433; --go: #12764a; --stop: #b3261e; --focus: #2f6fed;
  --good: #d9f2e5; --on-good: #0b5132; --bad: #fbe3e1; --on-bad: #8a1c16;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9f0; --soft: #a3acbd; --line: #333b4a; --card: #1c222d; --ground: #12161d;
    --ribbon: #6b5200; --on-ribbon: #fff3c4; --go: #1a7f52; --stop: #ff8f85; --focus: #7aa5ff;
    --good: #0f3d29; --on-good: #a9e8c8; --bad: #4a1714; --on-bad: #ffc9c4;
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.8 Vazirmatn, 'Noto Sans Arabic', 'Noto Naskh Arabic', Tahoma, 'DejaVu Sans', sans-serif;
}
main { max-width: 30rem; margin: 0 auto; padding: 1rem }
main.wide { max-width: 68rem }
a { color: inherit }
.ribbon {
  margin: 0 0 1rem; padding: .35rem .8rem; border-radius: .6rem; background: var(--ribbon); color: var(--on-ribbon);
  font-size: .85rem; text-align: center;
}
.languages { text-align: center; font-size: .85rem; color: var(--soft) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.2rem; margin-bottom: 1rem }
h1 { font-size: 1.25rem; margin: 0 0 .6rem }
h2 { font-size: 1rem; margin: 0 0 .6rem }
p { margin: .4rem 0 }
.amount { font-size: 1.9rem; font-weight: 700; line-height: 1.4 }
.copy { direction: ltr; user-select: all; -webkit-user-select: all; letter-spacing: .15em; text-align: center }
.text { white-space: pre-wrap; unicode-bidi: plaintext; overflow-wrap: anywhere }
.soft { color: var(--soft); font-size: .9rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: .8rem 0 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
.code { direction: ltr; unicode-bidi: isolate; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: .85rem }
form { margin: 0 }
button, .button {
  display: block; width: 100%; min-height: 3rem; margin-top: .6rem; padding: .5rem 1rem; border: 1px solid var(--line);
  border-radius: .8rem; background: var(--card); color: var(--ink); font: inherit; cursor: pointer; text-align: center;
  text-decoration: none;
}
input {
  display: block; width: 100%; min-height: 3rem; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: .8rem;
  background: var(--ground); color: var(--ink); font: inherit;
}
form > button:first-child { margin-top: 0 }
button.go { background: var(--go); border-color: var(--go); color: #fff; font-weight: 700; font-size: 1.1rem }
button.stop { color: var(--stop); border-color: var(--stop) }
button:focus-visible, a:focus-visible, input:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
.rows { list-style: none; margin: 0; padding: 0 }
.rows > li > a, .rows > li > div {
  display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: center; padding: .6rem 0; border-top: 1px solid var(--line);
  text-decoration: none;
}
.rows .about { flex: 1 1 100%; overflow-wrap: anywhere }
.row { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .8rem }
.row form { flex: 1 1 9rem }
.badge { display: inline-block; padding: 0 .6rem; border-radius: 1rem; background: var(--ground); white-space: nowrap }
.badge.good { background: var(--good); color: var(--on-good) }
.badge.bad { background: var(--bad); color: var(--on-bad) }
`;
