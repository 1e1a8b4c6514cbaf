import type { DataSource } from 'typeorm';

const BATCH = 5_000;

/**
 * Fills a shop with products of three variants each in 61 categories; two per cent of them are drafts,
 * a quarter is sold out. Each third variant has planned prices: one that is over, one that is in force, one to come. It writes with the triggers off and lists the products at the end, which is much faster. There are
 * no movements behind the stock.
 */
export async function fillCatalogue(database: DataSource, products: number): Promise<void> {
  const run = (sql: string, parameters?: unknown[]) => database.query(sql, parameters);
  await run(`
    INSERT INTO categories (id, slug, title, position)
    SELECT gen_random_uuid(), 'root-' || n, 'دسته ' || n, n FROM generate_series(1, 6) AS n`);
  await run(`
    INSERT INTO categories (id, slug, title, parent_id, position)
    SELECT gen_random_uuid(), 'leaf-' || row_number() OVER (ORDER BY root.slug, n), 'زیردسته', root.id, n
    FROM categories root, generate_series(1, 9) AS n`);
  await run(`INSERT INTO categories (id, slug, title) VALUES (gen_random_uuid(), 'rare', 'کمیاب')`);
  const tables = ['variants', 'planned_prices', 'stock_levels'];
  const setTriggers = (state: string) =>
    run(
      `${tables.map((table) => `ALTER TABLE ${table} ${state} TRIGGER USER;`).join('')}
       ALTER TABLE products ${state} TRIGGER new_products_are_found`,
    );
  await setTriggers('DISABLE');
  for (let from = 1; from <= products; from += BATCH)
    await pour(run, from, Math.min(from + BATCH - 1, products));
  await setTriggers('ENABLE');
  await run(`
    INSERT INTO variant_availability (id, shown)
    SELECT variant_id, least(20, sum(on_hand - reserved)) FROM stock_levels GROUP BY variant_id
    ON CONFLICT (id) DO NOTHING`);
  await run('ANALYZE');
  await run('SELECT list_products(array_agg(id)), index_products(array_agg(id)) FROM products');
  // It waits until autovacuum makes way, which takes longer than the lock time-out of the shop.
  await withoutLockTimeout(database, 'VACUUM ANALYZE');
}

async function withoutLockTimeout(database: DataSource, sql: string): Promise<void> {
  const runner = database.createQueryRunner();
  try {
    await runner.query('SET lock_timeout = 0');
    await runner.query(sql);
    await runner.query('RESET lock_timeout');
  } finally {
    await runner.release();
  }
}

async function pour(run: (sql: string, parameters: unknown[]) => Promise<unknown>, from: number, to: number) {
  await run(
    `INSERT INTO products (id, slug, title, description, brand, category_id, status, created_at)
     SELECT gen_random_uuid(), 'p-' || n,
       (ARRAY['گوشی موبایل', 'هدفون بی‌سیم', 'کتاب رمان', 'کفش ورزشی', 'ماشین لباسشویی', 'روغن زیتون', 'فرش دستباف',
         'یخچال ساید', 'دوربین عکاسی', 'لپ‌تاپ گیمینگ', 'چای سیاه', 'عسل کوهستان', 'شلوار جین', 'پیراهن مردانه',
         'مانتو زنانه', 'قهوه‌ساز', 'جاروبرقی', 'تبلت', 'ساعت هوشمند', 'کیف چرم'])[1 + n % 20] || ' ' ||
       (ARRAY['سامسونگ', 'شیائومی', 'ال‌جی', 'سونی', 'پاکشوما', 'اسنوا', 'نایک', 'آدیداس', 'بوش', 'گلستان', 'محمود',
         'چرم مشهد', 'هاکوپیان'])[1 + n / 20 % 13] || ' مدل ' || chr(65 + n % 26) || n,
       'توضیح کالای شماره ' || n || ' با کیفیت بالا، ضمانت اصالت و سلامت فیزیکی، ارسال رایگان و گارانتی هجده‌ماهه.
        مناسب برای هدیه و استفاده‌ی روزمره در خانه و محل کار؛ ساخت کارگاه‌های باتجربه با مواد اولیه‌ی مرغوب.',
       (ARRAY['Samsung', 'Xiaomi', 'LG', 'Sony', 'Pakshoma', 'Snowa', 'Nike', 'Adidas', 'Bosch', 'Golestan', 'Mahmood',
         'Mashhad', 'Hacoupian'])[1 + n / 20 % 13],
       c.id, CASE WHEN n % 50 = 0 THEN 'draft' ELSE 'published' END, timestamptz '2026-03-01' - n * interval '7 minutes'
     FROM generate_series($1::int, $2::int) AS n
       JOIN categories c ON c.slug = CASE WHEN n % 16666 = 7 THEN 'rare' ELSE 'leaf-' || (1 + n * 7919::bigint % 54) END`,
    [from, to],
  );
  await run(
    `INSERT INTO variants (id, product_id, sku, title, price, position)
     SELECT gen_random_uuid(), p.id, upper(p.slug) || '-' || v, 'نوع ' || v,
       100000 + (n * 48271::bigint + v * 16807) % 1000003 * 100, v
     FROM generate_series($1::int, $2::int) AS n
       JOIN products p ON p.slug = 'p-' || n, generate_series(1, 3) AS v`,
    [from, to],
  );
  await run(
    `INSERT INTO planned_prices (id, variant_id, price, starts_at, ends_at)
     SELECT gen_random_uuid(), v.id, v.price - 1000, now() + day * interval '1 day', now() + (day + 5) * interval '1 day'
     FROM generate_series($1::int, $2::int) AS n
       JOIN products p ON p.slug = 'p-' || n JOIN variants v ON v.product_id = p.id AND v.position = 1,
       unnest(ARRAY[-30, -1, 30]) AS day`,
    [from, to],
  );
  await run(
    `INSERT INTO product_recommendations (product_id, kind, rank, other_id, score)
     SELECT p.id, kind, 1, o.id, 1
     FROM generate_series($1::int, $2::int - 1) AS n JOIN products p ON p.slug = 'p-' || n
       JOIN products o ON o.slug = 'p-' || n + 1, unnest(ARRAY['together', 'similar']) AS kind`,
    [from, to],
  );
  await run(
    `INSERT INTO product_pictures (id, product_id, status, upload_bytes, upload_expires_at, digest, sizes, position)
     SELECT gen_random_uuid(), p.id, 'ready', 1000, now(), md5(p.slug), '[{"key":"products/p/0.webp","width":320,"height":320}]', 0
     FROM generate_series($1::int, $2::int) AS n JOIN products p ON p.slug = 'p-' || n`,
    [from, to],
  );
  await run(
    `INSERT INTO stock_levels (variant_id, location_id, on_hand)
     SELECT v.id, l.id, CASE WHEN n % 4 = 0 THEN 0 ELSE 5 END
     FROM generate_series($1::int, $2::int) AS n
       JOIN products p ON p.slug = 'p-' || n JOIN variants v ON v.product_id = p.id, stock_locations l`,
    [from, to],
  );
}
