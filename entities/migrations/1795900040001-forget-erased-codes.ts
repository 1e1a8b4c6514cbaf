import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The codes of an erased person count for the limits of their number for a day. Then their rows go. */
export class ForgetErasedCodes1795900040001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE verifications
        ADD COLUMN forget_at timestamptz,
        DROP CONSTRAINT ck_verifications_account,
        ADD CONSTRAINT ck_verifications_account CHECK (forget_at IS NOT NULL AND account_id IS NULL
          OR forget_at IS NULL AND (purpose = 'sign_in') = (account_id IS NULL));
      CREATE INDEX ix_verifications_forget ON verifications (forget_at) WHERE forget_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE sms_messages SET verification_id = NULL
      WHERE verification_id IN (SELECT id FROM verifications WHERE forget_at IS NOT NULL);
      DELETE FROM verifications WHERE forget_at IS NOT NULL;
      ALTER TABLE verifications
        DROP COLUMN forget_at,
        ADD CONSTRAINT ck_verifications_account CHECK ((purpose = 'sign_in') = (account_id IS NULL));
    `);
  }
}
