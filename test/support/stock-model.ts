import type { ErrorCode } from '../../entities/errors';
import type { TransferStatus } from '../../entities/transfers/transfer-status';

/** Stock as a child would keep it: what lies where, who has bought what, what is on the road. No SQL and no locks. */
export interface StockModel {
  /** By variant, then by location, both as positions. */
  readonly levels: ModelLevel[][];
  readonly sells: boolean[];
  readonly orders: ModelOrder[];
  readonly transfers: ModelTransfer[];
  /** The running count of each location. */
  readonly counts: (ModelCount | undefined)[];
}

export interface ModelLevel {
  onHand: number;
  reserved: number;
  /** What lies on the shelf beyond what the books say, because of theft. Never more than none. */
  drift: number;
}

/** Units of an order at a location. */
export interface ModelUnits {
  readonly variant: number;
  readonly place: number;
  readonly quantity: number;
  shipped: number;
}

export interface ModelOrder {
  readonly id: string;
  state: 'open' | 'paid' | 'expired';
  readonly units: readonly ModelUnits[];
}

export interface ModelTransfer {
  readonly id: string;
  readonly variant: number;
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  status: TransferStatus;
  answered: number;
  lost: number;
}

export interface ModelCount {
  readonly id: string;
  /** The drift of each variant when it was counted. */
  readonly counted: Map<number, number>;
  /** The variants whose stock was corrected since. */
  readonly corrected: Set<number>;
}

export function emptyModel(variants: number, places: number): StockModel {
  return {
    levels: Array.from({ length: variants }, () =>
      Array.from({ length: places }, () => ({ onHand: 0, reserved: 0, drift: 0 })),
    ),
    sells: Array.from({ length: places }, () => true),
    orders: [],
    transfers: [],
    counts: Array.from({ length: places }, () => undefined),
  };
}

/** Notes a correction for the count that is running there. */
export function correctWhileCounted({ counts }: StockModel, variant: number, place: number): void {
  const count = counts[place];
  if (count?.counted.has(variant)) count.corrected.add(variant);
}

/** What orders may still take of a variant. */
export function freeOf({ levels, sells }: StockModel, variant: number): number {
  return levels[variant]!.reduce(
    (sum, { onHand, reserved }, place) => (sells[place] ? sum + onHand - reserved : sum),
    0,
  );
}

/** Sold from a location and still there. */
export function unshippedOf({ orders }: StockModel, variant: number, place: number): number {
  return orders
    .filter(({ state }) => state === 'paid')
    .flatMap(({ units }) => units)
    .filter((it) => it.variant === variant && it.place === place)
    .reduce((sum, { quantity, shipped }) => sum + quantity - shipped, 0);
}

/** What somebody who looks at the shelf sees. */
export function shelfOf(model: StockModel, variant: number, place: number): number {
  const { onHand, drift } = model.levels[variant]![place]!;
  return onHand + unshippedOf(model, variant, place) + drift;
}

/** On the road to a location. */
export function inTransitTo({ transfers }: StockModel, variant: number, place: number): number {
  return transfers
    .filter((it) => it.status === 'in_transit' && it.variant === variant && it.to === place)
    .reduce((sum, { sent, answered }) => sum + sent - answered, 0);
}

/** Why a change of a level is refused; null when it is not. */
export function refusalOfChange(
  { onHand, reserved }: ModelLevel,
  delta: number,
  code: ErrorCode = 'stock.below_reserved',
): ErrorCode | null {
  return delta < 0 && onHand + delta < reserved ? code : null;
}
