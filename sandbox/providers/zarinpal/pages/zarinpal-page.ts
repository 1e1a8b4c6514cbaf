import type { Language, Wording } from '../../../kit/pages/language';
import { button, layout, messageBody } from '../../../kit/pages/layout';
import type { Markup } from '../../../kit/pages/markup';
import type { Deed } from '../deeds';

/** The line on top of every page. */
export const RIBBON: Wording = {
  fa: 'محیط آزمایشی زرین‌پال؛ هیچ پولی جابه‌جا نمی‌شود',
  en: 'Zarinpal sandbox: no money moves',
};

/** A page of this Zarinpal. */
export function zarinpalPage(language: Language, title: Wording, body: Markup, refresh?: string): Markup {
  return layout({ language, title, ribbon: RIBBON, body, ...(refresh ? { refresh } : {}) });
}

/** A page that only says something. */
export function messagePage(language: Language, title: Wording, text: Wording): Markup {
  return zarinpalPage(language, title, messageBody(title[language], text[language]));
}

/** A button that does something; the pay page posts to its own address. */
export function deedButton(deed: Deed | 'pay-late', label: string, style?: 'go' | 'stop'): Markup {
  return button('deed', deed, label, style);
}
