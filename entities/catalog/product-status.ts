/** Whether the public sees a product. A product that was sold is archived, never deleted. */
export const PRODUCT_STATUSES = ['draft', 'published', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** Whether a variant may still be sold. */
export const VARIANT_STATUSES = ['active', 'retired'] as const;
export type VariantStatus = (typeof VARIANT_STATUSES)[number];
