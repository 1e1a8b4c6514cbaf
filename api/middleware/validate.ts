import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

import { AppError, assertThat, type ErrorCode, type FieldError } from '../../entities/errors';
import { findMisplacedLists } from '../nested-lists';
import { findUnplain } from '../plain-text';
import { invalidRequest } from '../problem';
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
    return { input: read(Input, body, 'body') };
  });
}

/** Puts the query, read by this class, into `ctx.state.query`. Its values arrive as text; `from-text.ts` converts them. */
export function validateQuery<T extends object>(Query: Shape<T>): Guard<{ readonly query: T }> {
  return guard({ query: Query, errors: ['request.invalid'] }, (ctx) => {
    return { query: read(Query, { ...ctx.query }, 'query') };
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
      return { params: read(Params, { ...ctx.params }, 'path') };
    } catch (error) {
      throw otherwise === 'request.invalid' ? error : new AppError(otherwise, {}, { cause: error });
    }
  });
}

function read<T extends object>(Input: Shape<T>, value: unknown, where: FieldError['in']): T {
  const unplain = findUnplain(value, where);
  if (unplain.length > 0) throw invalidRequest(unplain);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest([{ in: where, field: '', rule: 'object', detail: 'must be an object' }]);
  }
  const input = plainToInstance(Input, value);
  const misplaced = findMisplacedLists(input, where);
  if (misplaced.length > 0) throw invalidRequest(misplaced);
  // A class without rules accepts `{}` and nothing else: the whitelist refuses every field.
  const rules = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false };
  const failures = validateSync(input, rules);
  if (failures.length > 0)
    throw invalidRequest(failures.flatMap((failure) => describeFailure(failure, where, '')));
  return input;
}

function describeFailure(failure: ValidationError, where: FieldError['in'], parent: string): FieldError[] {
  const field = parent === '' ? failure.property : `${parent}.${failure.property}`;
  const own = Object.entries(failure.constraints ?? {}).map(([rule, detail]) =>
    rule === 'whitelistValidation'
      ? { in: where, field, rule: 'unknown', detail: `${failure.property} is not expected here` }
      : { in: where, field, rule, detail },
  );
  return [...own, ...(failure.children ?? []).flatMap((child) => describeFailure(child, where, field))];
}

function hasBody(ctx: ApiContext): boolean {
  return ctx.get('Transfer-Encoding') !== '' || Number(ctx.get('Content-Length')) > 0;
}
