import type { EntityManager } from 'typeorm';

/** The rows of any SQL, whose type is the test's own claim. The shop declares its statements with their columns instead. */
export async function rows<Row extends object>(
  manager: EntityManager,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const runner = manager.queryRunner ?? manager.dataSource.createQueryRunner();
  try {
    const { records } = await runner.query(text, [...parameters], true);
    return records as Row[];
  } finally {
    if (runner !== manager.queryRunner) await runner.release();
  }
}

/** {@link rows} where at most one row is expected. */
export async function row<Row extends object>(
  manager: EntityManager,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<Row | undefined> {
  const [first] = await rows<Row>(manager, text, parameters);
  return first;
}
