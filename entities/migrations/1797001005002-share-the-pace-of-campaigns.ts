import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The pace is that of a provider, which all campaigns share by turns (docs/campaigns.md). */
export class ShareThePaceOfCampaigns1797001005002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE campaign_paces (
        provider varchar(40) CONSTRAINT pk_campaign_paces PRIMARY KEY,
        free_at timestamptz NOT NULL
      );
      ALTER TABLE campaigns ADD COLUMN turn_at timestamptz, ADD COLUMN turn_messages integer,
        ADD CONSTRAINT ck_campaigns_turn CHECK ((turn_at IS NULL) = (turn_messages IS NULL) AND turn_messages > 0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE campaigns DROP COLUMN turn_at, DROP COLUMN turn_messages;
      DROP TABLE campaign_paces;
    `);
  }
}
