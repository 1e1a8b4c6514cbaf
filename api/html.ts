/** What may stand in markup: text, which is escaped, or markup that was made by {@link html}. */
type HtmlValue = string | number | Html | readonly Html[] | undefined;

/** Markup that is safe to send. */
export interface Html {
  readonly markup: string;
}

/** Markup of a template: everything that is put in is escaped, so that no text becomes markup. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = parts.reduce((made, part, index) => made + markupOf(values[index - 1]) + part);
  return { markup };
}

function markupOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return 'markup' in value ? value.markup : value.map(markupOf).join('');
  return String(value).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
