import { assertThat } from '../../entities/errors';
import { RECOMMENDATIONS_AT_MOST } from '../../entities/recommendations/product-recommendation';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { conditional } from '../middleware/conditional';
import { language, LanguageQuery } from '../middleware/language';
import { rateLimit } from '../middleware/rate-limit';
import { validateParams, validateQuery } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';
import { ProductsQuery, SlugParams } from './catalog.input';
import { presentCategories, presentProduct, presentRecommendations, type Showing } from './catalog.presenter';
import { CategoryView, ProductListView, ProductView, RecommendationsView } from './catalog.view';
import { readCategories } from './category.queries';
import { listProducts } from './list-products';
import { readProduct, readVariants } from './product.queries';
import { findProductId, readRecommendations } from './recommendation.queries';

/** The recommendations of each kind on the page of a product. */
const ON_PRODUCT_PAGE = 6;

/** The public catalogue. */
export function catalogRoutes(
  router: PublicRouter,
  {
    catalogDatabase,
    searchDatabase,
    checkoutConfig,
    publicUrl,
  }: Pick<Dependencies, 'catalogDatabase' | 'searchDatabase' | 'checkoutConfig' | 'publicUrl'>,
): void {
  const showingTo = ({ language: spoken }: { readonly language: Showing['language'] }): Showing => ({
    language: spoken,
    publicUrl,
  });

  router.get(
    '/categories',
    [
      describeRoute({
        operation: 'listCategories',
        tag: 'catalog',
        summary: 'The tree of categories',
        answers: { 200: [CategoryView] },
      }),
      rateLimit('catalog'),
      conditional(),
      validateQuery(LanguageQuery),
      language(),
    ],
    async (ctx) => {
      const categories = await readCategories(catalogDatabase.manager);
      return { status: 200, body: presentCategories(categories, ctx.state.language) };
    },
  );

  router.get(
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
      rateLimit('catalog'),
      conditional(),
      validateQuery(ProductsQuery),
      language(),
    ],
    async (ctx) => {
      const { query } = ctx.state;
      const { manager } = query.q === undefined ? catalogDatabase : searchDatabase;
      return { status: 200, body: await listProducts(manager, query, showingTo(ctx.state)) };
    },
  );

  router.get(
    '/products/:slug',
    [
      describeRoute({
        operation: 'getProduct',
        tag: 'catalog',
        summary: 'One product with its variants and how many can be had of each',
        answers: { 200: ProductView },
      }),
      rateLimit('catalog'),
      conditional(),
      validateParams(SlugParams, 'catalog.product_not_found'),
      validateQuery(LanguageQuery),
      language(),
    ],
    async (ctx) => {
      const product = await readProduct(catalogDatabase.manager, ctx.state.params.slug);
      assertThat(product, 'catalog.product_not_found');
      const variants = await readVariants(catalogDatabase.manager, product.id);
      const recommended = await readRecommendations(catalogDatabase.manager, product.id, ON_PRODUCT_PAGE);
      const { unitsPerLine } = checkoutConfig;
      const showing = showingTo(ctx.state);
      return { status: 200, body: presentProduct(product, variants, recommended, unitsPerLine, showing) };
    },
  );

  router.get(
    '/products/:slug/recommendations',
    [
      describeRoute({
        operation: 'listRecommendations',
        tag: 'catalog',
        summary: 'What is bought together with a product, and what is similar',
        description: 'At most twelve of each, those in stock first. They are computed from time to time.',
        answers: { 200: RecommendationsView },
      }),
      rateLimit('catalog'),
      conditional(),
      validateParams(SlugParams, 'catalog.product_not_found'),
      validateQuery(LanguageQuery),
      language(),
    ],
    async (ctx) => {
      const productId = await findProductId(catalogDatabase.manager, ctx.state.params.slug);
      assertThat(productId, 'catalog.product_not_found');
      const found = await readRecommendations(catalogDatabase.manager, productId, RECOMMENDATIONS_AT_MOST);
      return { status: 200, body: presentRecommendations(found, showingTo(ctx.state)) };
    },
  );
}
