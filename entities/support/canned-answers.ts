import { isDeepStrictEqual } from 'node:util';

import type { EntityManager } from 'typeorm';

import { AppError, assertThat } from '../errors';
import { invalidRequest } from '../problem';
import { array, integer, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { derivedId } from '../values/uuid';
import type { CannedAnswer } from './canned-answer';
import type { Team } from './ticket';

const COLUMNS = 'team, code, text_fa AS "textFa", text_en AS "textEn", variables, version';
const SHAPE = {
  team: text,
  code: text,
  textFa: text,
  textEn: text,
  variables: array(text),
  version: integer,
};

/** A name in braces. */
const PLACEHOLDER = /\{([a-z][a-zA-Z0-9]*)\}/g;

const namesIn = (template: string) =>
  [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name!))].toSorted();

/** The most canned answers of a team. */
const ANSWERS_AT_MOST = 200;

const OF_TEAM = statement<CannedAnswer>(
  `SELECT ${COLUMNS} FROM canned_answers WHERE team = $1 ORDER BY code LIMIT ${ANSWERS_AT_MOST}`,
  SHAPE,
);

/** The canned answers of a team by code. */
export async function readCannedAnswers(manager: EntityManager, team: Team): Promise<CannedAnswer[]> {
  return rows(manager, OF_TEAM, [team]);
}

const ONE = statement<CannedAnswer>(
  `SELECT ${COLUMNS} FROM canned_answers WHERE team = $1 AND code = $2`,
  SHAPE,
);

const ADD = statement<CannedAnswer>(
  `INSERT INTO canned_answers (team, code, text_fa, text_en, variables, version)
   SELECT $1::varchar, $2::varchar, $3, $4, $5, nextval('canned_answer_versions')
   WHERE (SELECT count(*) FROM canned_answers WHERE team = $1) < ${ANSWERS_AT_MOST}
   ON CONFLICT (team, code) DO NOTHING RETURNING ${COLUMNS}`,
  SHAPE,
);

const CHANGE = statement<CannedAnswer>(
  `UPDATE canned_answers SET text_fa = $3, text_en = $4, variables = $5, version = nextval('canned_answer_versions')
   WHERE team = $1 AND code = $2 AND version = $6 RETURNING ${COLUMNS}`,
  SHAPE,
);

/** The version of a canned answer that is not there yet. */
const NONE = 0;

/** Which canned answer, and which version of it somebody has seen. {@link NONE} where there was none. */
export interface SeenAnswer extends Pick<CannedAnswer, 'team' | 'code'> {
  readonly seen: number;
}

/**
 * Writes a canned answer, new or instead of the one that was seen.
 *
 * @throws AppError `canned_answer.variables`, `canned_answer.changed`, `canned_answer.too_many`, `auth.session_over`
 */
export async function keepCannedAnswer(
  transaction: Transaction,
  actor: Actor,
  { team, code, seen, textFa, textEn, variables }: SeenAnswer & Omit<CannedAnswer, 'version'>,
): Promise<CannedAnswer> {
  const declared = variables.toSorted();
  const agree = [textFa, textEn].every((template) => isDeepStrictEqual(namesIn(template), declared));
  assertThat(agree, 'canned_answer.variables');
  const values = [team, code, textFa, textEn, declared];
  const kept =
    seen === NONE ? await row(transaction, ADD, values) : await row(transaction, CHANGE, [...values, seen]);
  if (!kept) {
    const known = await row(transaction, ONE, [team, code]);
    assertThat(seen === NONE && !known, 'canned_answer.changed');
    throw new AppError('canned_answer.too_many', { limit: ANSWERS_AT_MOST });
  }
  await record(transaction, actor, { team, code, did: 'keep' });
  return kept;
}

const REMOVE = statement<{ code: string }>(
  'DELETE FROM canned_answers WHERE team = $1 AND code = $2 AND version = $3 RETURNING code',
  { code: text },
);

/**
 * Removes a canned answer, if it still is what was seen. Of one that is not there, nothing changes.
 *
 * @throws AppError `canned_answer.changed`, `auth.session_over`
 */
export async function removeCannedAnswer(
  transaction: Transaction,
  actor: Actor,
  { team, code, seen }: SeenAnswer,
): Promise<void> {
  if (!(await row(transaction, REMOVE, [team, code, seen])))
    assertThat(!(await row(transaction, ONE, [team, code])), 'canned_answer.changed');
  await record(transaction, actor, { team, code, did: 'remove' });
}

async function record(
  transaction: Transaction,
  actor: Actor,
  details: { readonly team: Team; readonly code: string; readonly did: string },
): Promise<void> {
  const id = derivedId('canned_answer', details.team, details.code);
  await audited(transaction, actor, {
    action: 'support.arrange',
    object: { type: 'canned_answer', id },
    details,
  });
}

/** A canned answer to be given. */
export interface CannedChoice extends Pick<CannedAnswer, 'team' | 'code'> {
  readonly language: 'fa' | 'en';
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The text of a canned answer with its values. A value is text, never another placeholder.
 *
 * @throws AppError `canned_answer.not_found`, `canned_answer.variables` for a value that is missing or not declared
 */
export async function fillCannedAnswer(
  manager: EntityManager,
  { team, code, language, values }: CannedChoice,
): Promise<string> {
  const answer = await row(manager, ONE, [team, code]);
  assertThat(answer, 'canned_answer.not_found');
  const given = Object.keys(values).toSorted();
  assertThat(isDeepStrictEqual(given, answer.variables.toSorted()), 'canned_answer.variables');
  const template = language === 'fa' ? answer.textFa : answer.textEn;
  return template.replaceAll(PLACEHOLDER, (_, name: string) => values[name]!);
}

/**
 * The text of an answer that somebody writes or chooses.
 *
 * @throws AppError `request.invalid` for both or neither, `canned_answer.not_found`, `canned_answer.variables`
 */
export async function answerText(
  manager: EntityManager,
  { text: typed, canned }: { readonly text?: string | undefined; readonly canned?: TypedChoice | undefined },
): Promise<string> {
  if ((typed === undefined) === (canned === undefined)) throw invalidRequest([TEXT_OR_CANNED]);
  if (!canned) return typed!;
  const values = Object.fromEntries(canned.values.map(({ name, value }) => [name, value]));
  return fillCannedAnswer(manager, { ...canned, values });
}

/** {@link CannedChoice} as a client writes it. */
interface TypedChoice extends Omit<CannedChoice, 'values'> {
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

const TEXT_OR_CANNED = {
  in: 'body',
  field: 'text',
  rule: 'textOrCanned',
  detail: 'write a text or choose a canned answer, not both',
} as const;
