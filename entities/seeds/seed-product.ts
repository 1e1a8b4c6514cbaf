/** One variant: what its SKU adds to the product's, its title, its price in rials and the units in stock. */
export type SeedVariant = readonly [sku: string, title: string, price: number, stock: number];

/** A product of the example catalogue. Ids, order and creation time follow from slug and place. */
export interface SeedProduct {
  readonly slug: string;
  readonly sku: string;
  readonly title: string;
  readonly brand: string;
  readonly keywords: string;
  readonly category: string;
  readonly description: string;
  /** The number of its pictures. */
  readonly images: number;
  readonly variants: readonly SeedVariant[];
  readonly status?: 'draft' | 'archived';
}
