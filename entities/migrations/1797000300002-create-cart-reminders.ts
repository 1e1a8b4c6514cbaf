import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which customers were reminded of which carts. */
export class CreateCartReminders1797000300002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE cart_reminders (
        message_id uuid CONSTRAINT pk_cart_reminders PRIMARY KEY
          CONSTRAINT fk_cart_reminders_message REFERENCES sms_messages (id),
        cart_id uuid NOT NULL CONSTRAINT fk_cart_reminders_cart REFERENCES carts (id) ON DELETE CASCADE,
        account_id uuid NOT NULL CONSTRAINT fk_cart_reminders_account REFERENCES accounts (id),
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX ix_cart_reminders_cart ON cart_reminders (cart_id, created_at);
      CREATE INDEX ix_cart_reminders_account ON cart_reminders (account_id, created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cart_reminders');
  }
}
