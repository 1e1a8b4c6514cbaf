import { ProductRecommendation } from './product-recommendation';

/** The tables of recommendations. */
export const RECOMMENDATION_TABLES = [ProductRecommendation];
