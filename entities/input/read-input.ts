import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';

import type { FieldError } from '../errors';
import { invalidRequest } from '../problem';
import { findMisplacedLists } from './nested-lists';
import { findUnplain } from './plain-text';

type InputClass<T extends object> = new () => T;

/**
 * Reads what a caller sent as a class with class-validator decorators. Each unknown field and each value that breaks a rule of the
 * class is named in the refusal.
 *
 * @throws AppError `request.invalid`
 */
export function readInput<T extends object>(
  Input: InputClass<T>,
  value: unknown,
  where: FieldError['in'],
): T {
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
