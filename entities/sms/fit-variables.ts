import { AppError, type FieldError } from '../errors';
import type { VariableRule } from './sms-template';

const FORMS: Readonly<Record<VariableRule['form'], RegExp>> = {
  digits: /^[0-9]+$/,
  // Without control characters and halves of characters, which no row can hold.
  word: /^[^\s\p{Cc}\p{Cs}]+$/u,
  text: /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u,
};

const FORM_NAMES: Readonly<Record<VariableRule['form'], string>> = {
  digits: 'digits from 0 to 9',
  word: 'one word without white space',
  text: 'one line of text',
};

/**
 * Checks that the variables are those of the template, and that each has the form and length that every provider takes.
 *
 * @throws AppError `sms.variables_invalid` with an error for each
 */
export function assertVariablesFit(
  rules: readonly VariableRule[],
  variables: Readonly<Record<string, string>>,
): void {
  const known = new Set(rules.map(({ name }) => name));
  const errors = [
    ...rules.flatMap((rule) => problemOf(rule, variables) ?? []),
    ...Object.keys(variables)
      .filter((name) => !known.has(name))
      .map((name) => fieldError(name, 'unknown', 'the template has no such variable')),
  ];
  if (errors.length > 0) throw new AppError('sms.variables_invalid', { errors });
}

function problemOf(
  { name, form, longest }: VariableRule,
  variables: Readonly<Record<string, string>>,
): FieldError | undefined {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined || value === '') return fieldError(name, 'missing', 'the template needs it');
  if ([...value].length > longest)
    return fieldError(name, 'longest', `it must have at most ${longest} characters`);
  return FORMS[form].test(value) ? undefined : fieldError(name, 'form', `it must be ${FORM_NAMES[form]}`);
}

function fieldError(name: string, rule: string, detail: string): FieldError {
  return { in: 'body', field: `variables.${name.slice(0, 60)}`, rule, detail };
}

/** The text of a template with its variables in their places. */
export function fillTemplate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => variables[name] ?? place);
}
