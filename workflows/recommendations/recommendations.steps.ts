import type { RecommendedSimilar } from '../../entities/recommendations/recommend-similar';

/** Each is one transaction that replaces rows. A repetition makes them again. */
export interface RecommendationSteps {
  recommendTogether(): Promise<number>;
  /** A part of the products: those after an id. */
  recommendSimilar(input: { readonly after: string | null }): Promise<RecommendedSimilar>;
}
