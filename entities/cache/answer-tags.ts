/** Any change of a product's texts, prices, stock or publication that a list may show. */
export const PRODUCTS_TAG = 'products';
/** Any change of the tree, or of a name in it. */
export const CATEGORIES_TAG = 'categories';

/** Anything that a product page shows of the product itself, and what is recommended beside it. */
export const productTag = (productId: string): string => `product:${productId}`;
