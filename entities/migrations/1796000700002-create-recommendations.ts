import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is shown beside a product: what is bought together with it, and what resembles it. */
export class CreateRecommendations1796000700002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE product_recommendations (
        product_id uuid NOT NULL
          CONSTRAINT fk_product_recommendations_product REFERENCES products (id) ON DELETE CASCADE,
        kind varchar(8) NOT NULL,
        rank integer NOT NULL,
        other_id uuid NOT NULL CONSTRAINT fk_product_recommendations_other REFERENCES products (id) ON DELETE CASCADE,
        score double precision NOT NULL,
        CONSTRAINT pk_product_recommendations PRIMARY KEY (product_id, kind, rank),
        CONSTRAINT uq_product_recommendations_other UNIQUE (product_id, kind, other_id),
        CONSTRAINT ck_product_recommendations_kind CHECK (kind IN ('together', 'similar')),
        CONSTRAINT ck_product_recommendations_rank CHECK (rank BETWEEN 1 AND 12),
        CONSTRAINT ck_product_recommendations_other CHECK (other_id <> product_id)
      );
      CREATE INDEX ix_product_recommendations_other ON product_recommendations (other_id);
      CREATE INDEX ix_product_listings_similar ON product_listings (category_id, price_from);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_product_listings_similar; DROP TABLE product_recommendations;');
  }
}
