/** Whether the public sees a product. A product that was sold is archived, never deleted. */
export const PRODUCT_STATUSES = ['draft', 'published', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** The moves of a product. What was public once is no draft again: people have links to it. */
export const PRODUCT_TRANSITIONS: Readonly<Record<ProductStatus, readonly ProductStatus[]>> = {
  draft: ['published', 'archived'],
  published: ['archived'],
  archived: ['published'],
};

/** Whether a variant may still be sold. */
export const VARIANT_STATUSES = ['active', 'retired'] as const;
export type VariantStatus = (typeof VARIANT_STATUSES)[number];
