import { recordEvents } from '../events/record-events';
import { readSellingLocations } from '../inventory/selling-locations';
import { addToCollectingOrder } from '../purchasing/add-to-collecting-order';
import type { OrderApprovalReason } from '../purchasing/purchase-order-status';
import { boolean, integer, json, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { decide, type Decision } from './decide';
import {
  isDeclined,
  LAST_ORDER,
  LAST_ORDER_JOIN,
  LAST_ORDER_SHAPE,
  wasRefused,
  type LastOrder,
} from './declined';
import { moveSurplus, type MovedUnits } from './move-surplus';
import { dailyMean, type Policy, type PolicyInputs } from './policy';
import { POSITION, POSITION_SHAPE } from './position';
import type { Stuck } from './replenishment-policy';
import { REPLENISHMENT } from './replenishment.events';

/** A look at a variant's stock. */
export interface ReplenishmentLook {
  readonly variantId: string;
}

/** What came of a look. */
export interface Replenished {
  /** The variant's SKU; null when there is no such variant. */
  readonly sku: string | null;
  /** The orders that got a line. */
  readonly orderIds: readonly string[];
}

interface PolicyInNeed extends LastOrder {
  readonly id: string;
  readonly sku: string;
  readonly locationId: string | null;
  readonly policy: Policy;
  readonly valueLimit: number | null;
  readonly inputs: PolicyInputs | null;
  readonly paused: boolean;
  readonly stuck: Stuck | null;
  readonly onHand: number;
  readonly inTransit: number;
  readonly onOrder: number;
  readonly pack: number | null;
  readonly minimumOrder: number | null;
  readonly unitCost: number | null;
  /** The preferred supplier. */
  readonly supplierId: string | null;
}

const LOCK = statement<{ id: string }>(
  'SELECT id FROM replenishment_policies WHERE variant_id = $1 ORDER BY id FOR UPDATE',
  { id: uuid },
);

const READ = statement<PolicyInNeed>(
  `SELECT r.id, v.sku, r.location_id AS "locationId", r.policy, r.value_limit AS "valueLimit", r.inputs, r.paused, r.stuck,
     i.pack, i.minimum_order AS "minimumOrder", i.unit_cost AS "unitCost",
     i.supplier_id AS "supplierId", ${LAST_ORDER}, ${POSITION}
   FROM replenishment_policies r JOIN variants v ON v.id = r.variant_id AND v.status = 'active'
     LEFT JOIN supplier_items i ON i.variant_id = r.variant_id AND i.preferred
     ${LAST_ORDER_JOIN}
   WHERE r.variant_id = $1
   ORDER BY r.location_id NULLS FIRST`,
  {
    id: uuid,
    sku: text,
    locationId: nullable(uuid),
    policy: json<Policy>(),
    valueLimit: nullable(integer),
    inputs: nullable(json<PolicyInputs>()),
    paused: boolean,
    stuck: nullable(text),
    ...POSITION_SHAPE,
    pack: nullable(integer),
    minimumOrder: nullable(integer),
    unitCost: nullable(integer),
    supplierId: nullable(uuid),
    ...LAST_ORDER_SHAPE,
  },
);

const SET_STUCK = statement('UPDATE replenishment_policies SET stuck = $2 WHERE id = $1');

const KEEP = statement(
  `INSERT INTO replenishment_decisions (id, policy_id, why, ordered, order_id, transferred, transfer_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/**
 * Looks at a variant's stock and orders what its policies say is missing, or does nothing. Two looks at once wait for each other
 * at the policies, and the second one's position has what the first has ordered: no need is met twice, however often it is
 * repeated. It has no step key, because its guard is the state.
 *
 * @param at the present, from which a new order's cut-off is reckoned
 */
export async function decideReplenishment(
  transaction: Transaction,
  { variantId }: ReplenishmentLook,
  at: Date = new Date(),
): Promise<Replenished> {
  await rows(transaction, LOCK, [variantId]);
  // In a statement of its own, so that it sees what the transactions before it have ordered.
  const policies = await rows(transaction, READ, [variantId]);
  const orderIds: string[] = [];
  for (const policy of policies) {
    if (policy.paused) continue;
    const orderId = await meetNeed(transaction, variantId, policy, at);
    if (orderId) orderIds.push(orderId);
  }
  return { sku: policies[0]?.sku ?? null, orderIds };
}

/** @returns the order that got a line; null when there is no need, or nobody can meet it */
async function meetNeed(
  transaction: Transaction,
  variantId: string,
  need: PolicyInNeed,
  at: Date,
): Promise<string | null> {
  const why = decisionOf(need, need.inTransit);
  if (why === 'no_inputs') return setStuck(transaction, variantId, need, why);
  if (why.result.kind === 'enough') return setStuck(transaction, variantId, need, null);
  if (isDeclined(need, why.position.total, at)) return setStuck(transaction, variantId, need, 'declined');
  const decisionId = newId();
  const moved = await moveSurplus(transaction, variantId, need, why, at);
  const left = moved ? decisionOf(need, need.inTransit + moved.units) : why;
  const order =
    left !== 'no_inputs' && left.result.kind === 'order'
      ? await orderUnits(transaction, variantId, need, {
          decisionId,
          at,
          ...orderedBy(need, left.result, at),
        })
      : null;
  if (moved || order) await keepDecision(transaction, variantId, need.id, { decisionId, why, moved, order });
  const isMet = order !== null || (left !== 'no_inputs' && left.result.kind === 'enough');
  await setStuck(transaction, variantId, need, isMet ? null : 'no_supplier');
  return order?.orderId ?? null;
}

function decisionOf(need: PolicyInNeed, inTransit: number): Decision | 'no_inputs' {
  const { policy, inputs, onHand, onOrder, valueLimit, unitCost } = need;
  if (!inputs) return 'no_inputs';
  const item = { minimumOrder: need.minimumOrder ?? 1, pack: need.pack ?? 1, unitCost };
  return decide({ policy, inputs, position: { onHand, inTransit, onOrder }, item, valueLimit });
}

/** A person approves what a supplier has just refused: otherwise the shop would ask for it every day. */
function orderedBy(
  need: PolicyInNeed,
  { quantity, approval }: Extract<Decision['result'], { kind: 'order' }>,
  at: Date,
): { readonly quantity: number; readonly approval: readonly OrderApprovalReason[] } {
  if (!wasRefused(need, at)) return { quantity, approval };
  return { quantity, approval: [...approval, 'refused_before'] };
}

/** Units that a supplier is asked for. */
interface OrderedUnits {
  readonly orderId: string;
  readonly units: number;
}

async function orderUnits(
  transaction: Transaction,
  variantId: string,
  { locationId }: PolicyInNeed,
  wanted: {
    readonly decisionId: string;
    readonly quantity: number;
    readonly approval: readonly OrderApprovalReason[];
    readonly at: Date;
  },
): Promise<OrderedUnits | null> {
  const arrivesAt = locationId ?? (await readSellingLocations(transaction))[0];
  if (arrivesAt === undefined) return null;
  const { decisionId, quantity, approval, at } = wanted;
  const added = await addToCollectingOrder(transaction, {
    ...{ variantId, locationId: arrivesAt, quantity, decisionId, approval, at },
  });
  return added.kind === 'added' ? { orderId: added.orderId, units: quantity } : null;
}

async function keepDecision(
  transaction: Transaction,
  variantId: string,
  policyId: string,
  made: {
    readonly decisionId: string;
    readonly why: Decision;
    readonly moved: MovedUnits | null;
    readonly order: OrderedUnits | null;
  },
): Promise<void> {
  const { decisionId, why, moved, order } = made;
  const [ordered, transferred] = [order?.units ?? 0, moved?.units ?? 0];
  await rows(transaction, KEEP, [
    ...[decisionId, policyId, JSON.stringify(why), ordered, order?.orderId ?? null],
    ...[transferred, moved?.transferId ?? null],
  ]);
  await recordEvents(transaction, REPLENISHMENT, policyId, {
    type: 'replenishment.decided',
    payload: { variantId, decisionId, ordered, transferred },
  });
}

/** Notes that a need cannot be met, or can again. Once: a repeated look must not fill the journal. */
async function setStuck(
  transaction: Transaction,
  variantId: string,
  { id, stuck }: PolicyInNeed,
  reason: Stuck | null,
): Promise<null> {
  if (stuck === reason) return null;
  await rows(transaction, SET_STUCK, [id, reason]);
  if (reason) {
    await recordEvents(transaction, REPLENISHMENT, id, {
      type: 'replenishment.stuck',
      payload: { variantId, reason },
    });
  }
  return null;
}

/** Days of usual demand that a decision's order lasts, for people who judge it. Null when nothing sells. */
export function lastsDays({ inputs, result }: Decision): number | null {
  const daily = dailyMean(inputs);
  return result.kind === 'order' && daily > 0 ? Math.round(result.quantity / daily) : null;
}
