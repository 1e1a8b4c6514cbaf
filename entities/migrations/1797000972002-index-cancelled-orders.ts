import type { MigrationInterface, QueryRunner } from 'typeorm';

const NAME = 'ix_staff_actions_cancelled';

/** Finds out whether staff have cancelled an order. Staff go on while the index is built. */
export class IndexCancelledOrders1797000972002 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // A concurrent build waits for every transaction that began before it. An interrupted one leaves an invalid index.
    await runner.query(`SET lock_timeout = '5min'`);
    await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS ${NAME}`);
    await runner.query(
      `CREATE INDEX CONCURRENTLY ${NAME} ON staff_actions (object_id) WHERE action = 'order.cancel'`,
    );
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${NAME}`);
  }
}
