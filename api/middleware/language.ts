import { IsIn, IsOptional } from 'class-validator';

import { LANGUAGES, type Language } from '../../entities/customers/profile';
import { guard, type Guard } from './guard';

/** For the query of a route whose answer has names in two languages. */
export class LanguageQuery {
  /** The language of names; left out, `Accept-Language` chooses. What has no English name has its Persian one. */
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}

/**
 * Puts the language that the caller reads into `ctx.state.language`: Persian unless English is preferred. It comes after
 * `validateQuery` of a {@link LanguageQuery}.
 */
export function language(): Guard<{ readonly language: Language }> {
  return guard({}, (ctx) => {
    const { query } = ctx.state as unknown as { readonly query: LanguageQuery };
    ctx.vary('Accept-Language');
    const wanted = query.lang ?? ctx.acceptsLanguages(...LANGUAGES);
    return { language: wanted === 'en' ? 'en' : 'fa' };
  });
}
