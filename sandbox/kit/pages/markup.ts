/** A piece of HTML in which every text is escaped. Made by {@link markup} only. */
export interface Markup {
  readonly text: string;
}

type Part = Markup | string | number | null | readonly Markup[];

/** A template whose values are escaped, unless they are HTML already. Null is nothing. Attributes need quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { text: strings.reduce((text, string, index) => text + rendered(values[index - 1]!) + string) };
}

function rendered(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'text' in part ? part.text : part.map(({ text }) => text).join('\n');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
