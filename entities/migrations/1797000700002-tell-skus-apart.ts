import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People do not tell SKUs apart by capitals, and a search does not either. It fails where two variants have one SKU in two spellings. */
export class TellSkusApart1797000700002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE UNIQUE INDEX uq_variants_sku_spelling ON variants (lower(sku))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX uq_variants_sku_spelling');
  }
}
