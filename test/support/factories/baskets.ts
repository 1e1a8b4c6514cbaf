import type { DataSource, QueryRunner } from 'typeorm';

/** How large a shop is, and how many pairs of its products people like to buy together. */
export interface Baskets {
  readonly products: number;
  readonly orders: number;
  readonly pairs: number;
}

/** Two of five people who buy one of a planted pair take the other one as well. */
const PLANTED_SHARE = 0.4;

/**
 * Fills a shop with products of one variant each (`b-1`, `b-2` …) and paid orders of one to four of them. `b-1` and `b-2` are a
 * planted pair, `b-3` and `b-4` the next. It writes without triggers and foreign keys, and the same rows each time.
 */
export async function fillBaskets(database: DataSource, { products, orders, pairs }: Baskets): Promise<void> {
  const runner = database.createQueryRunner();
  try {
    await runner.query("SET session_replication_role = 'replica'; SET lock_timeout = 0");
    await stock(runner, products);
    await order(runner, products, orders, pairs);
    await runner.query("SET session_replication_role = 'origin'; RESET lock_timeout");
    await runner.query("SELECT list_products(array_agg(id)) FROM products WHERE slug LIKE 'b-%'");
    await runner.query('ANALYZE');
  } finally {
    await runner.release();
  }
}

async function stock(runner: QueryRunner, products: number): Promise<void> {
  await runner.query(
    `INSERT INTO categories (id, slug, title) VALUES ('00000000-0000-8000-8000-0000000000b0', 'baskets', 'سبدها')`,
  );
  await runner.query(
    `INSERT INTO products (id, slug, title, category_id, status)
     SELECT gen_random_uuid(), 'b-' || n, 'کالای سبد ' || n, '00000000-0000-8000-8000-0000000000b0', 'published'
     FROM generate_series(1, $1::int) AS n`,
    [products],
  );
  await runner.query(
    `INSERT INTO variants (id, product_id, sku, title, price)
     SELECT gen_random_uuid(), id, upper(slug), 'نوع', 250000 FROM products WHERE slug LIKE 'b-%'`,
  );
}

async function order(runner: QueryRunner, products: number, orders: number, pairs: number): Promise<void> {
  await runner.query('SELECT setseed(0.13)');
  await runner.query(
    `CREATE TEMPORARY TABLE baskets AS
     SELECT o.n AS basket, ceil($1::int * random() ^ 1.5)::int AS product
     FROM generate_series(1, $2::int) AS o(n) CROSS JOIN LATERAL generate_series(1, 1 + (o.n * 7919) % 4)`,
    [products, orders],
  );
  await runner.query(
    `INSERT INTO baskets
     SELECT basket, CASE WHEN product % 2 = 1 THEN product + 1 ELSE product - 1 END
     FROM baskets WHERE product <= 2 * $1::int AND random() < ${PLANTED_SHARE}`,
    [pairs],
  );
  await runner.query(
    `INSERT INTO orders (id, cart_id, request_digest, client_key, status, payment_status, total, currency,
       payment_deadline, settled_attempt_id, paid_at)
     SELECT ('00000000-0000-8000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, gen_random_uuid(), repeat('0', 64), 'baskets',
       'placed', 'paid', 250000, 'IRR', now(), gen_random_uuid(), now()
     FROM generate_series(1, $1::int) AS n`,
    [orders],
  );
  await runner.query(
    `INSERT INTO order_lines (order_id, variant_id, sku, title, quantity, unit_price)
     SELECT DISTINCT ('00000000-0000-8000-8000-' || lpad(to_hex(b.basket), 12, '0'))::uuid, v.id, v.sku, v.title, 1, v.price
     FROM baskets b JOIN products p ON p.slug = 'b-' || b.product JOIN variants v ON v.product_id = p.id`,
  );
  await runner.query('DROP TABLE baskets');
}
