/**
 * SQL: what a variant costs now, in rials. Everything that shows or charges a price asks this, so that all change at the very
 * instant at which a planned price begins or ends.
 *
 * @param variant the alias of `variants`
 */
export const PRICE_IN_FORCE = (variant: string) => `price_in_force(${variant}.id, ${variant}.price, now())`;
