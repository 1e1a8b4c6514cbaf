import { Category } from './category';
import { PlannedPrice } from './planned-price';
import { Product } from './product';
import { ProductListing } from './product-listing';
import { ProductSearch } from './product-search';
import { ProductVersion } from './product-version';
import { Variant } from './variant';

/** The tables of the catalogue. */
export const CATALOG_TABLES = [
  Category,
  Product,
  Variant,
  PlannedPrice,
  ProductListing,
  ProductSearch,
  ProductVersion,
];
