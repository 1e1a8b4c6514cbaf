import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What orders hold: an order that awaits payment holds exactly its lines, and no other order holds anything. */
export class CreateReservations1795400000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reservations (
        order_id uuid NOT NULL,
        variant_id uuid NOT NULL,
        location_id uuid NOT NULL,
        quantity integer NOT NULL,
        state varchar(10) NOT NULL,
        held_order_id uuid GENERATED ALWAYS AS (CASE WHEN state = 'held' THEN order_id END) STORED,
        CONSTRAINT pk_reservations PRIMARY KEY (order_id, variant_id, location_id),
        CONSTRAINT ck_reservations_quantity CHECK (quantity > 0),
        CONSTRAINT ck_reservations_state CHECK (state IN ('held', 'released', 'committed')),
        CONSTRAINT fk_reservations_line FOREIGN KEY (order_id, variant_id) REFERENCES order_lines (order_id, variant_id),
        CONSTRAINT fk_reservations_level FOREIGN KEY (variant_id, location_id)
          REFERENCES stock_levels (variant_id, location_id),
        CONSTRAINT fk_reservations_held_order FOREIGN KEY (held_order_id) REFERENCES orders (held_order_id)
          DEFERRABLE INITIALLY DEFERRED
      );
      CREATE INDEX ix_reservations_held ON reservations (held_order_id);
      CREATE INDEX ix_reservations_held_level ON reservations (variant_id, location_id) WHERE state = 'held';

      CREATE FUNCTION check_order_holds() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        checked uuid;
      BEGIN
        IF TG_TABLE_NAME = 'orders' THEN
          checked := NEW.id;
        ELSIF TG_OP = 'DELETE' THEN
          checked := OLD.order_id;
        ELSE
          checked := NEW.order_id;
        END IF;
        IF EXISTS (SELECT 1 FROM orders WHERE id = checked AND status = 'awaiting_payment') AND EXISTS (
          SELECT 1 FROM order_lines l
          WHERE l.order_id = checked AND l.quantity <> (
            SELECT coalesce(sum(r.quantity), 0) FROM reservations r
            WHERE r.order_id = checked AND r.variant_id = l.variant_id AND r.state = 'held'))
        THEN
          RAISE EXCEPTION 'order % awaits payment without holding exactly its lines', checked
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER orders_hold_their_lines AFTER INSERT OR UPDATE OF status ON orders
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_holds();
      CREATE CONSTRAINT TRIGGER order_lines_are_held AFTER INSERT OR UPDATE OR DELETE ON order_lines
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_holds();
      CREATE CONSTRAINT TRIGGER reservations_hold_lines AFTER INSERT OR UPDATE OR DELETE ON reservations
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_order_holds();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER orders_hold_their_lines ON orders;
      DROP TRIGGER order_lines_are_held ON order_lines;
      DROP TABLE reservations;
      DROP FUNCTION check_order_holds();
    `);
  }
}
