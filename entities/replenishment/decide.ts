import { bandOf, dailyMean, type Band, type Policy, type PolicyInputs } from './policy';

/** Units that are there or will come. Holds of unpaid carts do not lower it: they must not make the shop buy. */
export interface Position {
  /** On hand at the locations that sell. */
  readonly onHand: number;
  readonly inTransit: number;
  /** On open order lines, late ones included until a person closes them. */
  readonly onOrder: number;
}

/** How a SKU is bought. */
export interface ItemTerms {
  /** Smallest quantity that the supplier takes. */
  readonly minimumOrder: number;
  /** Units of a pack: only whole packs are ordered. */
  readonly pack: number;
  /** In the currency's minor unit. Null when unknown. */
  readonly unitCost: number | null;
}

/** Why a person must approve. `unknown_cost`: whether the value limit is kept cannot be told. */
export type ApprovalReason = 'days_of_demand' | 'value' | 'unknown_cost';

/** A decision with everything that led to it: what a person reads as its "why". */
export interface Decision {
  readonly policy: Policy;
  readonly inputs: PolicyInputs;
  readonly band: Band;
  readonly position: Position & { readonly total: number };
  /** No quantity: there is enough. */
  readonly result:
    | { readonly kind: 'enough' }
    | { readonly kind: 'order'; readonly quantity: number; readonly approval: readonly ApprovalReason[] };
}

/** What one decision is made of. */
export interface Need {
  readonly policy: Policy;
  readonly inputs: PolicyInputs;
  readonly position: Position;
  readonly item: ItemTerms;
  /** Value of an order above which a person approves, in the minor unit. Null: no limit. */
  readonly valueLimit: number | null;
}

/** An order for more days of demand than this needs approval. */
const APPROVAL_DAYS = 180;

/** Whether to order now, and how much. */
export function decide({ policy, inputs, position, item, valueLimit }: Need): Decision {
  const band = bandOf(policy, inputs);
  const total = position.onHand + position.inTransit + position.onOrder;
  const why = { policy, inputs, band, position: { ...position, total } };
  if (total > band.reorderPoint || total >= band.upTo) return { ...why, result: { kind: 'enough' } };
  const quantity = wholePacks(Math.max(item.minimumOrder, band.upTo - total), item.pack);
  return {
    ...why,
    result: { kind: 'order', quantity, approval: approvalOf(quantity, inputs, item, valueLimit) },
  };
}

const wholePacks = (units: number, pack: number) => Math.ceil(units / pack) * pack;

function approvalOf(
  quantity: number,
  inputs: PolicyInputs,
  { unitCost }: ItemTerms,
  valueLimit: number | null,
): ApprovalReason[] {
  const reasons: ApprovalReason[] = [];
  if (quantity > APPROVAL_DAYS * dailyMean(inputs)) reasons.push('days_of_demand');
  if (valueLimit !== null && unitCost === null) reasons.push('unknown_cost');
  if (valueLimit !== null && unitCost !== null && quantity * unitCost > valueLimit) reasons.push('value');
  return reasons;
}
