import { CATEGORIES_TAG, PRODUCTS_TAG, productTag } from '../../entities/cache/answer-tags';
import { assertThat } from '../../entities/errors';
import { RECOMMENDATIONS_AT_MOST } from '../../entities/recommendations/product-recommendation';
import { getCached } from '../answers/cached-route';
import { limitReaders } from '../answers/limit-readers';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { language, LanguageQuery } from '../middleware/language';
import { validateParams, validateQuery } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';
import { ProductsQuery, SlugParams } from './catalog.input';
import { presentCategories, presentProduct, presentRecommendations, type Showing } from './catalog.presenter';
import { CategoryView, ProductListView, ProductView, RecommendationsView } from './catalog.view';
import { readCategories } from './category.queries';
import { listProducts } from './list-products';
import { nextPlannedInstant } from './listed-prices';
import { readProduct, readVariants } from './product.queries';
import { findRecommending, readRecommendations } from './recommendation.queries';
import { canonicalSearch } from './search-words';

const USUAL_LIMITS: ReadonlySet<number> = new Set([12, 20, 24, 48, 100]);

/** The recommendations of each kind on the page of a product. */
const ON_PRODUCT_PAGE = 6;

/** The public catalogue. Its answers are kept until an event tells of a change. */
export function catalogRoutes(
  router: PublicRouter,
  {
    answers,
    catalogDatabase,
    searchDatabase,
    checkoutConfig,
    publicUrl,
    warmingTokens,
  }: Pick<
    Dependencies,
    'answers' | 'catalogDatabase' | 'searchDatabase' | 'checkoutConfig' | 'publicUrl' | 'warmingTokens'
  >,
): void {
  const showingTo = ({ language: spoken }: { readonly language: Showing['language'] }): Showing => ({
    language: spoken,
    publicUrl,
  });

  const kept = { router, answers };
  const limit = limitReaders(warmingTokens);

  getCached(
    kept,
    '/categories',
    [
      describeRoute({
        operation: 'listCategories',
        tag: 'catalog',
        summary: 'The tree of categories',
        answers: { 200: [CategoryView] },
      }),
      limit,
    ],
    [validateQuery(LanguageQuery), language()],
    {
      kind: () => 'categories',
      async load(request) {
        const categories = await readCategories(catalogDatabase.manager);
        return { body: presentCategories(categories, request.language), tags: [CATEGORIES_TAG] };
      },
    },
  );

  getCached(
    kept,
    '/products',
    [
      describeRoute({
        operation: 'listProducts',
        tag: 'catalog',
        summary: 'Published products: browse, filter, sort, search',
        description:
          'Follow `nextCursor` with the same filters and sort for the next page. A search whose words no product has answers with products that sound alike and says so in `match`. A search that takes too long, or finds too many others waiting, gets 503.',
        answers: { 200: ProductListView },
        errors: ['catalog.category_not_found', 'catalog.cursor_invalid', 'service.unavailable'],
      }),
      limit,
    ],
    [validateQuery(ProductsQuery), language()],
    {
      kind: ({ query }) => (isOfAFewLists(query) ? 'list' : 'search'),
      canonical: ({ query, ...request }) => ({ ...request, query: canonicalQuery(query) }),
      async load({ query, ...request }) {
        const { manager } = query.q === undefined ? catalogDatabase : searchDatabase;
        const { page, until } = await listProducts(manager, query, showingTo(request));
        return { body: page, tags: [PRODUCTS_TAG, CATEGORIES_TAG], until };
      },
    },
  );

  getCached(
    kept,
    '/products/:slug',
    [
      describeRoute({
        operation: 'getProduct',
        tag: 'catalog',
        summary: 'One product with its variants and how many can be had of each',
        answers: { 200: ProductView },
      }),
      limit,
    ],
    [validateParams(SlugParams, 'catalog.product_not_found'), validateQuery(LanguageQuery), language()],
    {
      kind: () => 'product',
      async load({ params, ...request }) {
        const product = await readProduct(catalogDatabase.manager, params.slug);
        assertThat(product, 'catalog.product_not_found');
        const variants = await readVariants(catalogDatabase.manager, product.id);
        const recommended = await readRecommendations(catalogDatabase.manager, product.id, ON_PRODUCT_PAGE);
        const { unitsPerLine } = checkoutConfig;
        return {
          body: presentProduct(product, variants, recommended, unitsPerLine, showingTo(request)),
          tags: tagsOfPage(product),
          until: nextPlannedInstant([product, ...recommended]),
        };
      },
    },
  );

  getCached(
    kept,
    '/products/:slug/recommendations',
    [
      describeRoute({
        operation: 'listRecommendations',
        tag: 'catalog',
        summary: 'What is bought together with a product, and what is similar',
        description: 'At most twelve of each, those in stock first. They are computed from time to time.',
        answers: { 200: RecommendationsView },
      }),
      limit,
    ],
    [validateParams(SlugParams, 'catalog.product_not_found'), validateQuery(LanguageQuery), language()],
    {
      kind: () => 'recommendations',
      async load({ params, ...request }) {
        const product = await findRecommending(catalogDatabase.manager, params.slug);
        assertThat(product, 'catalog.product_not_found');
        const found = await readRecommendations(catalogDatabase.manager, product.id, RECOMMENDATIONS_AT_MOST);
        return {
          body: presentRecommendations(found, showingTo(request)),
          tags: tagsOfPage(product),
          until: nextPlannedInstant(found),
        };
      },
    },
  );
}

/** Recommended products are shown by their names, prices and stock, and one that is not shown may take the place of another. */
function tagsOfPage({
  id,
  recommendedIds,
}: {
  readonly id: string;
  readonly recommendedIds: readonly string[];
}) {
  return [...new Set([id, ...recommendedIds])].map(productTag).concat(CATEGORIES_TAG);
}

/** Whether it is a first page as storefronts ask for it. Anybody can invent words, prices and limits, and each would be kept. */
function isOfAFewLists({ q, cursor, minPrice, maxPrice, limit }: ProductsQuery): boolean {
  return [q, cursor, minPrice, maxPrice].every((it) => it === undefined) && USUAL_LIMITS.has(limit);
}

/** Two queries that find the same are one. */
function canonicalQuery({ lang: _lang, q, sort, ...query }: ProductsQuery): ProductsQuery {
  return {
    ...query,
    ...(q === undefined ? {} : { q: canonicalSearch(q) }),
    sort: sort ?? (q === undefined ? 'newest' : 'best'),
  };
}
