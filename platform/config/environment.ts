import { readFileSync } from 'node:fs';

import type { DeclaredSetting } from './setting';

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The text of a setting's variable or, for a secret, of the file that `NAME_FILE` names, without its last line break. Empty
 * counts as absent, because compose files write `NAME=` for "not set". Throws an Error that names the variable when both are
 * set or the file cannot be read.
 */
export function readVariable(environment: Environment, setting: DeclaredSetting): string | undefined {
  const text = environment[setting.variable] || undefined;
  const fileVariable = `${setting.variable}_FILE`;
  const file = setting.secret ? environment[fileVariable] || undefined : undefined;
  if (file === undefined) return text;
  if (text !== undefined) throw new Error(`${setting.variable} and ${fileVariable} are both set: choose one`);
  const content = readSecretFile(file, fileVariable);
  if (content === '') throw new Error(`${fileVariable} names an empty file`);
  return content;
}

/** The environment for a child process: this process's own, with these variables changed or, where undefined, removed. */
export function environmentWith(
  changes: Environment,
  base: Environment = process.env,
): Record<string, string> {
  const merged = { ...base, ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function readSecretFile(file: string, fileVariable: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new Error(`${fileVariable} names a file that cannot be read (${code})`, { cause: error });
  }
}
