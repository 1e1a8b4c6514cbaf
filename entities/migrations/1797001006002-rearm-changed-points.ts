import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An alert of low stock is over, too, when its point is lowered or taken away and when its variant is retired: it kept the next one
 * away (docs/alerts.md). Also has the figures of SMS counted again, because campaigns are in them now.
 */
export class RearmChangedPoints1797001006002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION follow_reorder_point() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        units bigint := NEW.on_hand;
      BEGIN
        IF NEW.reorder_shared THEN
          SELECT coalesce(sum(l.on_hand), 0) INTO units
          FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id AND p.sells WHERE l.variant_id = NEW.variant_id;
        END IF;
        -- Nobody compares with the point of its own any more once it is shared, or the other way round.
        UPDATE stock_alerts a SET rearmed_at = clock_timestamp()
        WHERE a.kind = 'low' AND a.rearmed_at IS NULL AND OLD.reorder_shared <> NEW.reorder_shared
          AND a.scope_id = CASE WHEN OLD.reorder_shared THEN OLD.variant_id ELSE OLD.id END;
        UPDATE stock_alerts a SET
          rearmed_at = CASE WHEN units <= NEW.reorder_point THEN NULL ELSE clock_timestamp() END,
          rearms_at = coalesce(NEW.reorder_point + greatest(1, ceil(NEW.reorder_point / 10.0)), a.rearms_at)
        WHERE a.kind = 'low' AND a.rearmed_at IS NULL
          AND a.scope_id = CASE WHEN NEW.reorder_shared THEN NEW.variant_id ELSE NEW.id END;
        RETURN NULL;
      END $$;
      CREATE TRIGGER changed_points_rearm_alerts AFTER UPDATE OF reorder_point, reorder_shared ON stock_levels FOR EACH ROW
        WHEN ((OLD.reorder_point, OLD.reorder_shared) IS DISTINCT FROM (NEW.reorder_point, NEW.reorder_shared))
        EXECUTE FUNCTION follow_reorder_point();

      CREATE FUNCTION rearm_alerts_of_variant() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE stock_alerts SET rearmed_at = clock_timestamp()
        WHERE variant_id = NEW.id AND kind = 'low' AND rearmed_at IS NULL;
        RETURN NULL;
      END $$;
      CREATE TRIGGER switched_variants_rearm_alerts AFTER UPDATE OF status ON variants FOR EACH ROW
        WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION rearm_alerts_of_variant();
    `);
    // A shared alert names the variant, so it finds the point of any of its levels.
    await runner.query(`
      UPDATE stock_alerts a SET rearmed_at = clock_timestamp()
      WHERE a.kind = 'low' AND a.rearmed_at IS NULL AND (
        EXISTS (SELECT FROM variants v WHERE v.id = a.variant_id AND v.status <> 'active')
        OR NOT EXISTS (
          SELECT FROM stock_levels l WHERE l.variant_id = a.variant_id AND l.reorder_point IS NOT NULL
            AND a.scope_id = CASE WHEN l.reorder_shared THEN l.variant_id ELSE l.id END
            AND a.rearms_at <= l.reorder_point + greatest(1, ceil(l.reorder_point / 10.0))))
    `);
    await runner.query(
      `UPDATE analytics_sources SET rebuild_from = complete_from WHERE source = 'sms' AND rolled_to IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER switched_variants_rearm_alerts ON variants;
      DROP FUNCTION rearm_alerts_of_variant();
      DROP TRIGGER changed_points_rearm_alerts ON stock_levels;
      DROP FUNCTION follow_reorder_point();
      DELETE FROM analytics_days WHERE figure IN ('campaign_tried', 'campaign_succeeded');
    `);
  }
}
