/** Refusals of the catalogue. */
export const CATALOG_ERRORS = {
  'catalog.product_not_found': { status: 404, title: 'There is no such product.' },
  'catalog.product_changed': {
    status: 412,
    title: 'The product has changed since: read it again and repeat the change.',
  },
  'catalog.category_not_found': { status: 404, title: 'There is no such category.' },
  'catalog.category_changed': {
    status: 412,
    title: 'The category has changed since: read it again and repeat the change.',
  },
  'catalog.variant_not_found': { status: 404, title: 'There is no such variant.' },
  'catalog.planned_price_not_found': { status: 404, title: 'There is no such planned price.' },
  'catalog.cursor_invalid': { status: 422, title: 'The cursor does not belong to this list.' },
  'catalog.category_unknown': { status: 422, title: 'No category has the id that the request names.' },
  'catalog.slug_taken': { status: 409, title: 'Another product or category has this slug.' },
  'catalog.sku_taken': { status: 409, title: 'Another variant has this SKU.' },
  'catalog.move_refused': {
    status: 409,
    title: 'The product cannot come to this status from its present one.',
  },
  'catalog.no_active_variant': {
    status: 409,
    title: 'A published product has an active variant: archive the product instead, or add a variant first.',
  },
  'catalog.variant_limit': { status: 409, title: 'The product has as many variants as a product may have.' },
  'catalog.planned_price_overlaps': {
    status: 409,
    title: 'Another price is planned for a part of this time.',
  },
  'catalog.planned_price_never': {
    status: 422,
    title: 'The planned price would never hold: it ends before it begins, or has ended already.',
  },
  'catalog.planned_price_over': { status: 409, title: 'The planned price has ended already.' },
  'catalog.planned_price_limit': {
    status: 409,
    title: 'As many prices are planned for the variant as may be.',
  },
  'catalog.category_limit': { status: 409, title: 'There are as many categories as there may be.' },
  'catalog.category_too_deep': { status: 409, title: 'Categories would be nested deeper than they may be.' },
  'catalog.category_cycle': { status: 409, title: 'A category cannot be below itself.' },
  'catalog.category_not_empty': {
    status: 409,
    title: 'The category has products or subcategories: move them first.',
  },
} as const;
