import type { Aggregate, ForgettingAggregate } from '../events/aggregate';

/** What the journal says of the units that can be bought of a variant. Everybody may see it. */
export interface AvailabilityEvents {
  /** Units, at most 20. A trigger writes it. */
  'availability.changed': { productId: string; was: number; available: number };
}

/** What the journal says of a stock level, by type. Only staff see it. */
export interface StockLevelEvents {
  /** The stock has fallen to its reorder point. A trigger writes it. */
  'stock.low': { variantId: string; locationId: string; onHand: number; reorderPoint: number };
}

/** What the journal says of a location, by type. Only staff see it. */
export interface StockLocationEvents {
  'location.changed': Record<never, never>;
}

/** The history of what can be bought of a variant, whose id it has. */
export const AVAILABILITY: ForgettingAggregate<AvailabilityEvents> = {
  type: 'availability',
  table: 'variant_availability',
  forgets: true,
};

/** A stock level's history in the journal. */
export const STOCK_LEVEL: ForgettingAggregate<StockLevelEvents> = {
  type: 'stock_level',
  table: 'stock_levels',
  forgets: true,
};

/** A location's history in the journal. */
export const STOCK_LOCATION: Aggregate<StockLocationEvents> = {
  type: 'stock_location',
  table: 'stock_locations',
};
