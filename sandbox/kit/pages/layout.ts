import { LANGUAGES, type Language, type Wording } from './language';
import { markup, type Markup } from './markup';
import { STYLE } from './style';

/** What a page is made of. */
export interface PageParts {
  readonly language: Language;
  readonly title: Wording;
  /** A line above everything that says whose sandbox this is. */
  readonly ribbon: Wording;
  readonly body: Markup;
  /** The content of a refresh header, such as `5; url=?waited=1`. */
  readonly refresh?: string;
  /** For lists; other pages are as wide as a phone. */
  readonly isWide?: boolean;
}

const NAMES: Wording = { fa: 'فارسی', en: 'English' };

/** A whole page: in the caller's language and direction, light or dark, fit for a phone, nothing loaded. */
export function layout({ language, title, ribbon, body, refresh, isWide = false }: PageParts): Markup {
  return markup`<!DOCTYPE html>
<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${refresh ? markup`<meta http-equiv="refresh" content="${refresh}">` : null}
<title>${title[language]}</title>
<style>${STYLE}</style>
</head>
<body>
<main${isWide ? markup` class="wide"` : null}>
<p class="ribbon">${ribbon[language]}</p>
${body}
<p class="languages">${LANGUAGES.filter((other) => other !== language).map(languageLink)}</p>
</main>
</body>
</html>
`;
}

/** The body of a page that only says something. */
export function messageBody(title: string, text: string): Markup {
  return markup`<section class="card"><h1>${title}</h1><p>${text}</p></section>`;
}

/** A button in a form; pressing it sends its name and value. */
export function button(name: string, value: string, label: string, style: '' | 'go' | 'stop' = ''): Markup {
  return markup`<button name="${name}" value="${value}"${style ? markup` class="${style}"` : null}>${label}</button>`;
}

/** A row of a description list. */
export function detail(label: string, value: Markup | string): Markup {
  return markup`<dt>${label}</dt><dd>${value}</dd>`;
}

/** An identifier or address: left to right, in a fixed width. */
export function code(text: string): Markup {
  return markup`<span class="code">${text}</span>`;
}

function languageLink(language: Language): Markup {
  return markup`<a href="?lang=${language}" lang="${language}">${NAMES[language]}</a>`;
}
