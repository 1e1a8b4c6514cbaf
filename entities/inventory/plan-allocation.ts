/** Units of a variant that an order wants. A variant appears once. */
export interface WantedLine {
  readonly variantId: string;
  readonly quantity: number;
}

/** What may be taken of a variant at a location that sells. */
export interface FreeStock {
  readonly locationId: string;
  readonly variantId: string;
  /** On hand less reserved. */
  readonly free: number;
  /** The lowest goes first; of two alike, the smaller location id. */
  readonly priority: number;
}

/** Units of a variant to take at a location. */
export interface Allocation {
  readonly locationId: string;
  readonly variantId: string;
  readonly quantity: number;
}

/**
 * Where to take an order: all of it from the first location that has all lines, else each line by priority from
 * several. Null when the locations together do not have it.
 */
export function planAllocation(
  lines: readonly WantedLine[],
  stock: readonly FreeStock[],
): readonly Allocation[] | null {
  const inOrder = stock.toSorted(
    (one, other) => one.priority - other.priority || (one.locationId < other.locationId ? -1 : 1),
  );
  return wholeOrder(lines, inOrder) ?? splitOrder(lines, inOrder);
}

function wholeOrder(lines: readonly WantedLine[], stock: readonly FreeStock[]): Allocation[] | null {
  const home = stock.find(({ locationId }) =>
    lines.every(({ variantId, quantity }) =>
      stock.some((at) => at.locationId === locationId && at.variantId === variantId && at.free >= quantity),
    ),
  );
  return home ? lines.map((line) => ({ locationId: home.locationId, ...line })) : null;
}

function splitOrder(lines: readonly WantedLine[], stock: readonly FreeStock[]): Allocation[] | null {
  const taken: Allocation[] = [];
  for (const { variantId, quantity } of lines) {
    let left = quantity;
    for (const at of stock) {
      const units = at.variantId === variantId ? Math.min(left, Math.max(0, at.free)) : 0;
      if (units > 0) taken.push({ locationId: at.locationId, variantId, quantity: units });
      left -= units;
    }
    if (left > 0) return null;
  }
  return taken;
}
