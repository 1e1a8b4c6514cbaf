import type { Language } from '../../entities/customers/profile';
import { SHOWN_UNITS } from '../../entities/inventory/variant-availability';
import { money } from '../../entities/values/money';
import { pictureUrl, presentPicture } from '../pictures/picture.presenter';
import type {
  CategoryView,
  ProductListView,
  ProductSummaryView,
  ProductView,
  RecommendationsView,
} from './catalog.view';
import type { CategoryRow } from './category.queries';
import type { ProductRow } from './product-list.queries';
import type { ProductDetailRow, VariantRow } from './product.queries';
import type { RecommendedRow } from './recommendation.queries';

/** What has a Persian name, and perhaps an English one. */
interface Named {
  readonly title: string;
  readonly titleEn: string | null;
}

function nameIn(language: Language, { title, titleEn }: Named): string {
  return (language === 'en' ? titleEn : null) ?? title;
}

/** To whom a product is shown, and where the shop's pictures are. */
export interface Showing {
  readonly language: Language;
  readonly publicUrl: string;
}

/** A product as lists show it. */
function presentSummary(
  product: Omit<ProductRow, 'key'>,
  { language, publicUrl }: Showing,
): ProductSummaryView {
  const { categorySlug, categoryTitle, categoryTitleEn } = product;
  return {
    id: product.id,
    slug: product.slug,
    title: nameIn(language, product),
    brand: product.brand,
    imageUrl: pictureUrl(publicUrl, product.imageUrl),
    category: {
      slug: categorySlug,
      title: nameIn(language, { title: categoryTitle, titleEn: categoryTitleEn }),
    },
    priceFrom: money(product.priceFrom),
    priceTo: money(product.priceTo),
    inStock: product.inStock,
  };
}

/** A page of products. */
export function presentList(
  products: readonly ProductRow[],
  nextCursor: string | null,
  match: ProductListView['match'],
  showing: Showing,
): ProductListView {
  return { items: products.map((product) => presentSummary(product, showing)), nextCursor, match };
}

export function presentRecommendations(
  found: readonly RecommendedRow[],
  showing: Showing,
): RecommendationsView {
  const of = (kind: RecommendedRow['kind']) =>
    found.filter((it) => it.kind === kind).map((product) => presentSummary(product, showing));
  return { together: of('together'), similar: of('similar') };
}

/** @param unitsPerLine what a cart line may hold: higher stock is not disclosed */
export function presentProduct(
  product: ProductDetailRow,
  variants: readonly VariantRow[],
  recommended: readonly RecommendedRow[],
  unitsPerLine: number,
  showing: Showing,
): ProductView {
  const { language, publicUrl } = showing;
  const pictures = product.pictures.map((picture) => presentPicture(publicUrl, picture));
  return {
    ...presentSummary(product, showing),
    description: product.description,
    imageUrls: pictures.length > 0 ? pictures.map(({ sizes }) => sizes.at(-1)!.url) : product.imageUrls,
    pictures,
    categories: product.categories.map(({ slug, ...names }) => ({ slug, title: nameIn(language, names) })),
    variants: variants.map(({ id, sku, price, available, ...names }) => ({
      id,
      sku,
      title: nameIn(language, names),
      price: money(price),
      inStock: available > 0,
      available: Math.min(available, unitsPerLine, SHOWN_UNITS),
    })),
    recommendations: presentRecommendations(recommended, showing),
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
  };
}

/** The categories as a tree; siblings keep the order of the rows. */
export function presentCategories(categories: readonly CategoryRow[], language: Language): CategoryView[] {
  const under = (parent: string | null): CategoryView[] =>
    categories
      .filter(({ parentId }) => parentId === parent)
      .map(({ id, slug, ...names }) => ({ slug, title: nameIn(language, names), children: under(id) }));
  return under(null);
}
