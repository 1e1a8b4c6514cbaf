/** Which customers a campaign is for. What is not there does not count; all that is there must hold. */
export interface CampaignFilter {
  /** They have paid for an order since this instant. */
  readonly orderedSince?: string;
  /** They have not paid for an order since this instant. */
  readonly notOrderedSince?: string;
  /** They have bought something of this category, or of one below it. */
  readonly categoryId?: string;
  /** They have bought this product. */
  readonly productId?: string;
  /** Their paid orders are worth as much together, in rials. */
  readonly spentAtLeast?: number;
  /** They have an address in this province. */
  readonly province?: string;
  /** They have an address in this city. */
  readonly city?: string;
}

/**
 * In SQL: whether an account `a` fits the filter in `$1`, a document of {@link CampaignFilter}. Each condition looks into the rows of
 * one customer by an index.
 */
export const FITS_FILTER = `
  ($1::jsonb ->> 'orderedSince' IS NULL OR EXISTS (
    SELECT FROM orders o WHERE o.customer_id = a.id AND o.paid_at >= ($1::jsonb ->> 'orderedSince')::timestamptz))
  AND ($1::jsonb ->> 'notOrderedSince' IS NULL OR NOT EXISTS (
    SELECT FROM orders o WHERE o.customer_id = a.id AND o.paid_at >= ($1::jsonb ->> 'notOrderedSince')::timestamptz))
  AND ($1::jsonb ->> 'categoryId' IS NULL OR EXISTS (
    SELECT FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN variants v ON v.id = l.variant_id
      JOIN products p ON p.id = v.product_id
    WHERE o.customer_id = a.id AND o.paid_at IS NOT NULL AND p.category_id IN (
      WITH RECURSIVE tree AS (
        SELECT id FROM categories WHERE id = ($1::jsonb ->> 'categoryId')::uuid
        UNION SELECT c.id FROM categories c JOIN tree ON c.parent_id = tree.id
      ) SELECT id FROM tree)))
  AND ($1::jsonb ->> 'productId' IS NULL OR EXISTS (
    SELECT FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN variants v ON v.id = l.variant_id
    WHERE o.customer_id = a.id AND o.paid_at IS NOT NULL AND v.product_id = ($1::jsonb ->> 'productId')::uuid))
  AND ($1::jsonb ->> 'spentAtLeast' IS NULL OR ($1::jsonb ->> 'spentAtLeast')::bigint <= (
    SELECT coalesce(sum(o.total), 0) FROM orders o WHERE o.customer_id = a.id AND o.paid_at IS NOT NULL))
  AND ($1::jsonb ->> 'province' IS NULL OR EXISTS (
    SELECT FROM addresses d WHERE d.account_id = a.id AND d.province = $1::jsonb ->> 'province'))
  AND ($1::jsonb ->> 'city' IS NULL OR EXISTS (
    SELECT FROM addresses d WHERE d.account_id = a.id AND d.city = $1::jsonb ->> 'city'))`;

/** In SQL: accounts `a` of people who want to hear of offers and can be sent to. */
export const WILLING_ACCOUNTS = `accounts a JOIN profiles w ON w.account_id = a.id AND w.marketing
  LEFT JOIN campaign_suppressions s ON s.account_id = a.id AND s.recipient = a.phone
  WHERE a.status = 'active' AND a.phone IS NOT NULL AND s.account_id IS NULL`;
