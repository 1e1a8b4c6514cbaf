import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products and categories count their events. A product does so beside its row, whose changes rewrite two search indexes. */
export class KeepHistoriesOfTheCatalogue1796000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE categories ADD version integer NOT NULL DEFAULT 0;

      CREATE TABLE product_versions (
        id uuid CONSTRAINT pk_product_versions PRIMARY KEY
          CONSTRAINT fk_product_versions_product REFERENCES products (id) ON DELETE CASCADE,
        version integer NOT NULL DEFAULT 0
      );
      INSERT INTO product_versions (id) SELECT id FROM products;
      CREATE FUNCTION begin_product_versions() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO product_versions (id) SELECT id FROM made;
        RETURN NULL;
      END $$;
      CREATE TRIGGER new_products_have_versions AFTER INSERT ON products
        REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION begin_product_versions();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER new_products_have_versions ON products;
      DROP FUNCTION begin_product_versions();
      DROP TABLE product_versions;
      ALTER TABLE categories DROP version;
    `);
  }
}
