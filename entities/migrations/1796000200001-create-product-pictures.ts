import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pictures of products that staff upload (docs/pictures.md). */
export class CreateProductPictures1796000200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE product_pictures (
        id uuid CONSTRAINT pk_product_pictures PRIMARY KEY,
        product_id uuid NOT NULL CONSTRAINT fk_product_pictures_product REFERENCES products (id),
        status varchar(10) NOT NULL DEFAULT 'pending',
        failure varchar(20),
        upload_key varchar(200),
        upload_bytes integer NOT NULL,
        upload_expires_at timestamptz NOT NULL,
        digest varchar(64),
        sizes jsonb NOT NULL DEFAULT '[]',
        position integer NOT NULL,
        alt_fa varchar(250) NOT NULL DEFAULT '',
        alt_en varchar(250) NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        changed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT ck_product_pictures_status
          CHECK (status IN ('pending', 'uploaded', 'ready', 'failed', 'removed')),
        CONSTRAINT ck_product_pictures_failure CHECK ((status = 'failed') = (failure IS NOT NULL)),
        CONSTRAINT ck_product_pictures_ready
          CHECK (status <> 'ready' OR digest IS NOT NULL AND jsonb_array_length(sizes) > 0),
        CONSTRAINT ck_product_pictures_bytes CHECK (upload_bytes BETWEEN 1 AND 10485760)
      );
      CREATE UNIQUE INDEX uq_product_pictures_content ON product_pictures (product_id, digest)
        WHERE status = 'ready';
      CREATE INDEX ix_product_pictures_product ON product_pictures (product_id, position, id);
      CREATE INDEX ix_product_pictures_unfinished ON product_pictures (changed_at)
        WHERE status <> 'ready' OR upload_key IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE product_pictures');
  }
}
