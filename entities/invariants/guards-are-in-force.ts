import type { Invariant } from '../invariant';

/** The triggers of the schema. They refuse what no constraint can say, or keep the public list true. */
export const TRIGGERS = [
  'orders_move_along_their_table',
  'payment_attempts_move_along_their_table',
  'sms_messages_move_along_their_table',
  'sms_attempts_move_along_their_table',
  'orders_hold_their_lines',
  'order_lines_are_held',
  'reservations_hold_lines',
  'stock_movements_are_append_only',
  'ledger_entries_are_append_only',
  'events_are_never_changed',
  'staff_actions_are_append_only',
  'new_products_have_versions',
  'new_products_are_found',
  'changed_products_are_found',
  'new_variants_are_found',
  'changed_variants_are_found',
  'removed_variants_are_not_found',
  'products_are_listed',
  'new_variants_are_listed',
  'changed_variants_are_listed',
  'removed_variants_are_unlisted',
  'new_planned_prices_are_listed',
  'changed_planned_prices_are_listed',
  'removed_planned_prices_are_unlisted',
  'new_stock_is_noted',
  'changed_stock_is_noted',
  'new_stock_is_shown',
  'moved_stock_is_shown',
  'new_levels_are_watched',
  'switched_locations_are_shown',
  'new_variants_have_availability',
  'low_stock_is_told',
  'risen_stock_rearms_alerts',
  'new_stock_rearms_alerts',
  'changed_points_rearm_alerts',
  'switched_variants_rearm_alerts',
  'retired_variants_end_subscriptions',
  'accounts_end_subscriptions',
  'stock_transfers_move_along_their_table',
  'stock_transfer_receipts_are_append_only',
  'stock_counts_move_along_their_table',
  'stock_imports_are_append_only',
  'purchase_orders_move_along_their_table',
  'supplier_messages_move_along_their_table',
  'purchase_order_requests_are_append_only',
  'purchase_order_receipt_lines_are_append_only',
  'replenishment_decisions_are_append_only',
  'notification_deliveries_move_along_their_table',
  'campaigns_move_along_their_table',
  'campaign_batches_move_along_their_table',
  'campaign_recipients_move_along_their_table',
];

/** Reads only the system catalogue of Postgres. */
export const guardsAreInForce: Invariant = {
  invariant: 'guards-are-in-force',
  sentence: 'The constraints and triggers behind the invariants exist, are validated and are switched on.',
  violations: `
    SELECT 'trigger' AS kind, wanted.name, t.tgrelid::regclass::text AS "table"
    FROM unnest(ARRAY['${TRIGGERS.join("', '")}']) AS wanted(name) LEFT JOIN pg_trigger t ON t.tgname = wanted.name
    WHERE t.tgenabled IS NULL OR t.tgenabled NOT IN ('O', 'A')
    UNION ALL
    SELECT 'constraint', conname, conrelid::regclass::text
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
    UNION ALL
    SELECT 'trigger of a constraint', c.conname, t.tgrelid::regclass::text
    FROM pg_trigger t JOIN pg_constraint c ON c.oid = t.tgconstraint
    WHERE t.tgisinternal AND c.connamespace = current_schema()::regnamespace AND t.tgenabled NOT IN ('O', 'A')`,
};
