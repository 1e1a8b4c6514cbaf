import { AppError, assertThat, type ErrorCode } from '../../entities/errors';
import { readInput } from '../../entities/input/read-input';
import type { Shape } from '../shapes';
import { guard, type ApiContext, type Guard } from './guard';

/**
 * Demands a JSON body of this class and puts it into `ctx.state.input`. Each unknown field and each value that breaks a rule
 * of the class is named in the refusal.
 */
export function validate<T extends object>(Input: Shape<T>): Guard<{ readonly input: T }> {
  const documentation = {
    body: Input,
    errors: ['request.invalid', 'request.malformed', 'request.too_large', 'request.unsupported_media_type'],
  } as const;
  return guard(documentation, async (ctx) => {
    await ctx.state.readBody(ctx);
    assertThat(!hasBody(ctx) || ctx.is('json', '+json'), 'request.unsupported_media_type');
    const body = ctx.request.body === '' || ctx.request.body === undefined ? {} : ctx.request.body;
    return { input: readInput(Input, body, 'body') };
  });
}

/** Puts the query, read by this class, into `ctx.state.query`. Its values arrive as text; `from-text.ts` converts them. */
export function validateQuery<T extends object>(Query: Shape<T>): Guard<{ readonly query: T }> {
  return guard({ query: Query, errors: ['request.invalid'] }, (ctx) => {
    return { query: readInput(Query, { ...ctx.query }, 'query') };
  });
}

/**
 * Puts the parameters of the path into `ctx.state.params`.
 *
 * @param otherwise the refusal of parameters of another form; with a `…not_found` a malformed id is 404
 */
export function validateParams<T extends object>(
  Params: Shape<T>,
  otherwise: ErrorCode = 'request.invalid',
): Guard<{ readonly params: T }> {
  return guard({ params: Params, errors: [otherwise] }, (ctx) => {
    try {
      return { params: readInput(Params, { ...ctx.params }, 'path') };
    } catch (error) {
      throw otherwise === 'request.invalid' ? error : new AppError(otherwise, {}, { cause: error });
    }
  });
}

function hasBody(ctx: ApiContext): boolean {
  return ctx.get('Transfer-Encoding') !== '' || Number(ctx.get('Content-Length')) > 0;
}
