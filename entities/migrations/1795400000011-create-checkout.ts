import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the sweep last woke the workflow of an order. */
export class CreateCheckout1795400000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE workflow_wakes (
        order_id uuid CONSTRAINT pk_workflow_wakes PRIMARY KEY CONSTRAINT fk_workflow_wakes_order REFERENCES orders (id),
        woken_at timestamptz NOT NULL DEFAULT now(),
        times integer NOT NULL DEFAULT 1
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE workflow_wakes;
    `);
  }
}
