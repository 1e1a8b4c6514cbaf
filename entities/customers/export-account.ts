import { json } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { readOwnedIds } from './owned-rows';
import { PERSONAL_DATA, type PersonalTable } from './personal-data';

/** Every row of a person by table, with the columns that they are shown. */
export type PersonalExport = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** More rows of one table than any person has, but for a flood of codes. */
const ROWS_AT_MOST = 1_000;

const SHOWN = PERSONAL_DATA.filter(({ shown }) => shown.length > 0);

const EXPORTS = SHOWN.map(({ table, key, shown, shownIf = 'true', mostShown = ROWS_AT_MOST }) => {
  const columns = shown.map((column) => `${column} AS "${camelCase(column)}"`).join(', ');
  const order = shown.includes('created_at') ? 'ORDER BY created_at DESC' : '';
  return statement<{ found: Record<string, unknown>[] }>(
    `SELECT coalesce(json_agg(t), '[]') AS found
     FROM (SELECT ${columns} FROM ${table} WHERE ${key} = ANY($1::uuid[]) AND ${shownIf} ${order} LIMIT ${mostShown}) AS t`,
    { found: json() },
  );
});

/** Everything that the shop knows of a person, as they may take it with them. */
export async function exportAccount(transaction: Transaction, accountId: string): Promise<PersonalExport> {
  const ids = await readOwnedIds(transaction, accountId);
  const tables: Record<string, readonly Record<string, unknown>[]> = {};
  for (const [index, { table, by }] of SHOWN.entries()) {
    const { found } = (await row(transaction, EXPORTS[index]!, [ids[by]]))!;
    tables[camelCase(table)] = found;
  }
  return tables;
}

function camelCase(name: PersonalTable['table']): string {
  return name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
