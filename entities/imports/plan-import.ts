import type { ProductEvent } from '../catalog/catalog.events';
import { VARIANTS_AT_MOST } from '../catalog/change-variant';
import { PRODUCT_TRANSITIONS, type ProductStatus, type VariantStatus } from '../catalog/product-status';
import { SHOP_CURRENCY } from '../values/money';
import { newId } from '../values/uuid';
import type { CatalogLine, CatalogRow } from './catalog-row';

/** What the catalogue has of the products and SKUs of an import. */
export interface PresentCatalog {
  readonly categories: readonly { readonly id: string; readonly slug: string }[];
  readonly products: readonly (ProductTexts & { readonly status: ProductStatus })[];
  /** All variants of these products, and those with these SKUs. */
  readonly variants: readonly PresentVariant[];
}

/** A product as an import writes it. */
export interface ProductTexts {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly brand: string;
  readonly keywords: string;
  readonly description: string;
  readonly categoryId: string;
}

/** A variant as an import writes it. */
export interface VariantTexts {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly price: number;
}

export interface PresentVariant extends VariantTexts {
  readonly status: VariantStatus;
  readonly position: number;
}

/** Why a line of an import cannot be booked. */
export type ImportFault =
  | 'category_unknown'
  | 'move_refused'
  | 'no_active_variant'
  | 'product_differs'
  | 'sku_repeated'
  | 'sku_taken'
  | 'variant_limit';

export interface FaultyLine {
  readonly line: number;
  readonly column: keyof CatalogRow;
  readonly code: ImportFault;
}

/** What is to be written. Where nothing is different there is nothing. */
export interface ImportPlan {
  readonly faults: readonly FaultyLine[];
  readonly newProducts: readonly (ProductTexts & { readonly status: ProductStatus })[];
  readonly changedProducts: readonly ProductTexts[];
  readonly moves: readonly { readonly id: string; readonly status: ProductStatus }[];
  readonly newVariants: readonly (VariantTexts & { readonly position: number })[];
  readonly changedVariants: readonly VariantTexts[];
  /** The variants of products that are sorted anew, all of them. */
  readonly places: readonly { readonly id: string; readonly position: number }[];
  readonly events: readonly (ProductEvent & { readonly productId: string })[];
}

/** Columns that say something of the product, and not of its variant. */
const OF_PRODUCT = [
  'title_fa',
  'title_en',
  'brand',
  'keywords',
  'description',
  'category',
  'status',
] as const satisfies readonly (keyof CatalogRow)[];

type Writable<Plan> = {
  -readonly [Part in keyof Plan]: Plan[Part] extends readonly (infer Item)[] ? Item[] : never;
};

/** Compares the lines with the catalogue. A faulty line is not planned, and the others of its product are. */
export function planImport(lines: readonly CatalogLine[], present: PresentCatalog): ImportPlan {
  const plan: Writable<ImportPlan> = {
    ...{ faults: [], newProducts: [], changedProducts: [], moves: [] },
    ...{ newVariants: [], changedVariants: [], places: [], events: [] },
  };
  const categories = new Map(present.categories.map(({ slug, id }) => [slug, id]));
  const products = new Map(present.products.map((product) => [product.slug, product]));
  const owners = new Map(present.variants.map((variant) => [skuKey(variant), variant]));
  const variantsOf = groupedBy(present.variants, ({ productId }) => productId);
  const skus = new Set<string>();

  for (const [slug, all] of groupedBy(lines, ({ row }) => row.product)) {
    const was = products.get(slug);
    const id = was?.id ?? newId();
    const own = variantsOf.get(id) ?? [];
    const head = all[0]!.row;
    const categoryId = categories.get(head.category);
    const fault = (line: number, column: keyof CatalogRow, code: ImportFault) =>
      plan.faults.push({ line, column, code });

    const good = all.filter(({ line, row }) => {
      const before = plan.faults.length;
      const other = OF_PRODUCT.find((column) => row[column] !== head[column]);
      if (other) fault(line, other, 'product_differs');
      if (categoryId === undefined) fault(line, 'category', 'category_unknown');
      if (skus.has(skuKey(row))) fault(line, 'sku', 'sku_repeated');
      else if ((owners.get(skuKey(row))?.productId ?? id) !== id) fault(line, 'sku', 'sku_taken');
      skus.add(skuKey(row));
      if (!mayMove(was?.status ?? 'draft', row.status)) fault(line, 'status', 'move_refused');
      return plan.faults.length === before;
    });
    if (good.length === 0 || categoryId === undefined) continue;
    const added = good.filter(({ row }) => !owners.has(skuKey(row)));
    const room = Math.max(VARIANTS_AT_MOST - own.length, 0);
    for (const { line } of added.slice(room)) fault(line, 'sku', 'variant_limit');
    const kept = good.filter((it) => !added.slice(room).includes(it));
    if (kept.length === 0) continue;
    const isSold = own.some(({ status }) => status === 'active') || added.length > 0;
    if (head.status === 'published' && !isSold) {
      for (const { line } of kept) fault(line, 'status', 'no_active_variant');
      continue;
    }
    planProduct(plan, { ...textsOf(id, head, categoryId), status: head.status }, was);
    planVariants(plan, id, kept, own);
    const status = was?.status ?? 'draft';
    if (head.status !== status) {
      if (was) plan.moves.push({ id, status: head.status });
      const type = head.status === 'published' ? 'product.published' : 'product.archived';
      plan.events.push({ productId: id, type, payload: {} });
    }
  }
  return plan;
}

function mayMove(from: ProductStatus, to: ProductStatus): boolean {
  return from === to || PRODUCT_TRANSITIONS[from].includes(to);
}

function textsOf(id: string, row: CatalogRow, categoryId: string): ProductTexts {
  const { product: slug, title_fa: title, title_en: titleEn } = row;
  const [brand, keywords, description] = [row.brand ?? '', row.keywords ?? '', row.description ?? ''];
  return { id, slug, title, titleEn, brand, keywords, description, categoryId };
}

function planProduct(
  plan: Writable<ImportPlan>,
  { status, ...texts }: ProductTexts & { readonly status: ProductStatus },
  was: ProductTexts | undefined,
): void {
  const { id: productId } = texts;
  if (!was) {
    plan.newProducts.push({ ...texts, status });
    plan.events.push({ productId, type: 'product.created', payload: {} });
  } else if (isOther(was, texts)) {
    plan.changedProducts.push(texts);
    plan.events.push({ productId, type: 'product.changed', payload: {} });
  }
}

function planVariants(
  plan: Writable<ImportPlan>,
  productId: string,
  lines: readonly CatalogLine[],
  own: readonly PresentVariant[],
): void {
  const known = new Map(own.map((variant) => [skuKey(variant), variant]));
  const last = Math.max(-1, ...own.map(({ position }) => position));
  const places = new Map<string, number>(own.map(({ id, position }) => [id, LATER + position]));
  const added: VariantTexts[] = [];
  for (const { row } of lines) {
    const was = known.get(skuKey(row));
    const { sku, variant_title_fa: title, variant_title_en: titleEn, price } = row;
    const texts = { id: was?.id ?? newId(), productId, sku, title, titleEn, price };
    const payload = { variantId: texts.id };
    places.set(texts.id, row.position ?? places.get(texts.id) ?? LATER + last + 1 + added.length);
    if (!was) {
      added.push(texts);
      plan.events.push({ productId, type: 'variant.added', payload });
      continue;
    }
    if (!isOther(was, texts)) continue;
    plan.changedVariants.push(texts);
    if (was.sku !== sku || was.title !== title || was.titleEn !== titleEn)
      plan.events.push({ productId, type: 'variant.changed', payload });
    if (was.price !== price)
      plan.events.push({
        ...{ productId, type: 'price.changed' },
        payload: { ...payload, price, currency: SHOP_CURRENCY, was: was.price },
      });
  }
  added.forEach((variant, at) => plan.newVariants.push({ ...variant, position: last + 1 + at }));
  const present = [...own.toSorted((one, other) => one.position - other.position), ...added].map(
    ({ id }) => id,
  );
  // The sort is stable: what has one position stays in its present order.
  const wanted = present.toSorted((one, other) => places.get(one)! - places.get(other)!);
  if (wanted.every((id, at) => id === present[at])) return;
  wanted.forEach((id, position) => plan.places.push({ id, position }));
  for (const variantId of wanted.filter((id, at) => id !== present[at] && !added.some((it) => it.id === id)))
    plan.events.push({ productId, type: 'variant.changed', payload: { variantId } });
}

/** SKUs that differ by capitals only are one: a line may put the spelling right. */
function skuKey({ sku }: { readonly sku: string }): string {
  return sku.toLowerCase();
}

/** Behind every position that a file may name. */
const LATER = 1_000_000;

function isOther<Texts extends object>(was: Texts, is: Texts): boolean {
  return (Object.keys(is) as (keyof Texts)[]).some((field) => was[field] !== is[field]);
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
