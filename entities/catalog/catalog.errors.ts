/** Refusals of the catalogue. */
export const CATALOG_ERRORS = {
  'catalog.product_not_found': { status: 404, title: 'There is no such product.' },
  'catalog.category_not_found': { status: 404, title: 'There is no such category.' },
  'catalog.variant_not_found': { status: 404, title: 'There is no such variant.' },
  'catalog.cursor_invalid': { status: 422, title: 'The cursor does not belong to this list.' },
} as const;
