import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The addresses that are asked for most, by which the cache is warmed (docs/cache.md). */
export class CreateHotAddresses1797000200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE hot_addresses (
        name varchar(1000) CONSTRAINT pk_hot_addresses PRIMARY KEY,
        kind varchar(20) NOT NULL,
        address varchar(600) NOT NULL,
        language varchar(2) NOT NULL,
        heat double precision NOT NULL CONSTRAINT ck_hot_addresses_heat CHECK (heat > 0),
        seen_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE hot_addresses');
  }
}
