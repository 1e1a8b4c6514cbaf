import { IsIn, IsOptional } from 'class-validator';

import { LANGUAGES, type Language } from '../../entities/customers/profile';
import { invalidRequest } from '../problem';
import { guard, type Guard } from './guard';

/** For the query of a route whose answer has names in two languages. */
export class LanguageQuery {
  /** The language of names; left out, `Accept-Language` chooses. What has no English name has its Persian one. */
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}

/** Puts the language that the caller reads into `ctx.state.language`: Persian unless English is preferred. */
export function language(): Guard<{ readonly language: Language }> {
  return guard({ query: LanguageQuery, errors: ['request.invalid'] }, (ctx) => {
    const { lang } = ctx.query;
    ctx.vary('Accept-Language');
    const wanted = lang ?? (ctx.acceptsLanguages(...LANGUAGES) || 'fa');
    const chosen = LANGUAGES.find((known) => known === wanted);
    if (chosen) return { language: chosen };
    const detail = `must be one of ${LANGUAGES.join(', ')}`;
    throw invalidRequest([{ in: 'query', field: 'lang', rule: 'isIn', detail }]);
  });
}
