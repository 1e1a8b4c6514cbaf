/** In SQL: the units of a variant that can be bought at all locations. `variant` is an expression of its id. */
export const freeUnits = (variant: string): string => `(
       SELECT coalesce(sum(stock.on_hand - stock.reserved), 0)
       FROM stock_levels stock JOIN stock_locations place ON place.id = stock.location_id AND place.sells
       WHERE stock.variant_id = ${variant})`;
