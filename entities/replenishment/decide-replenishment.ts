import { recordEvents } from '../events/record-events';
import { readSellingLocations } from '../inventory/selling-locations';
import { addToCollectingOrder } from '../purchasing/add-to-collecting-order';
import { boolean, integer, json, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { decide, type Decision } from './decide';
import { dailyMean, type Policy, type PolicyInputs } from './policy';
import { POSITION, POSITION_SHAPE } from './position';
import { REPLENISHMENT } from './replenishment.events';
import type { Stuck } from './replenishment-policy';

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

interface PolicyInNeed {
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
}

const LOCK = statement<{ id: string }>(
  'SELECT id FROM replenishment_policies WHERE variant_id = $1 ORDER BY id FOR UPDATE',
  { id: uuid },
);

const READ = statement<PolicyInNeed>(
  `SELECT r.id, v.sku, r.location_id AS "locationId", r.policy, r.value_limit AS "valueLimit", r.inputs, r.paused, r.stuck,
     i.pack, i.minimum_order AS "minimumOrder", i.unit_cost AS "unitCost",
     ${POSITION}
   FROM replenishment_policies r JOIN variants v ON v.id = r.variant_id AND v.status = 'active'
     LEFT JOIN supplier_items i ON i.variant_id = r.variant_id AND i.preferred
   WHERE r.variant_id = $1
   ORDER BY r.id`,
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
  },
);

const SET_STUCK = statement('UPDATE replenishment_policies SET stuck = $2 WHERE id = $1');

const KEEP = statement(
  `INSERT INTO replenishment_decisions (id, policy_id, why, ordered, order_id) VALUES ($1, $2, $3, $4, $5)`,
);

/**
 * Looks at a variant's stock and orders what its policies say is missing, or does nothing. Two looks at once wait for each other
 * at the policies, and the second one's position has what the first has ordered: no need is met twice, however often it is
 * repeated. It has no step key, because its guard is the state.
 */
export async function decideReplenishment(
  transaction: Transaction,
  { variantId }: ReplenishmentLook,
): Promise<Replenished> {
  await rows(transaction, LOCK, [variantId]);
  // In a statement of its own, so that it sees what the transactions before it have ordered.
  const policies = await rows(transaction, READ, [variantId]);
  const orderIds: string[] = [];
  for (const policy of policies) {
    if (policy.paused) continue;
    const orderId = await meetNeed(transaction, variantId, policy);
    if (orderId) orderIds.push(orderId);
  }
  return { sku: policies[0]?.sku ?? null, orderIds };
}

/** @returns the order that got a line; null when there is no need, or nobody can meet it */
async function meetNeed(
  transaction: Transaction,
  variantId: string,
  policy: PolicyInNeed,
): Promise<string | null> {
  const { inputs, onHand, inTransit, onOrder } = policy;
  if (!inputs) return setStuck(transaction, variantId, policy, 'no_inputs');
  const decision = decide({
    policy: policy.policy,
    inputs,
    position: { onHand, inTransit, onOrder },
    item: {
      minimumOrder: policy.minimumOrder ?? 1,
      pack: policy.pack ?? 1,
      unitCost: policy.unitCost,
    },
    valueLimit: policy.valueLimit,
  });
  if (decision.result.kind === 'enough') return setStuck(transaction, variantId, policy, null);
  const { quantity, approval } = decision.result;
  const locationId = policy.locationId ?? (await readSellingLocations(transaction))[0];
  if (locationId === undefined) return setStuck(transaction, variantId, policy, 'no_supplier');
  const decisionId = newId();
  const added = await addToCollectingOrder(transaction, {
    ...{ variantId, locationId, quantity, decisionId, approval },
    at: new Date(),
  });
  if (added.kind !== 'added') return setStuck(transaction, variantId, policy, 'no_supplier');
  await keepDecision(transaction, variantId, policy.id, { decisionId, decision, quantity, ...added });
  await setStuck(transaction, variantId, policy, null);
  return added.orderId;
}

async function keepDecision(
  transaction: Transaction,
  variantId: string,
  policyId: string,
  made: {
    readonly decisionId: string;
    readonly decision: Decision;
    readonly quantity: number;
    readonly orderId: string;
  },
): Promise<void> {
  const { decisionId, decision, quantity, orderId } = made;
  await rows(transaction, KEEP, [decisionId, policyId, JSON.stringify(decision), quantity, orderId]);
  await recordEvents(transaction, REPLENISHMENT, policyId, {
    type: 'replenishment.decided',
    payload: { variantId, decisionId, ordered: quantity, transferred: 0 },
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
