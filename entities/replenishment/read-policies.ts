import { boolean, instant, integer, json, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { Decision } from './decide';
import type { Policy, PolicyInputs } from './policy';
import { POSITION, POSITION_SHAPE } from './position';
import type { Stuck } from './replenishment-policy';

/** A policy as staff see it. */
export interface PolicyState {
  readonly id: string;
  readonly variantId: string;
  readonly sku: string;
  /** Null: all locations that sell, together. */
  readonly locationId: string | null;
  readonly policy: Policy;
  readonly valueLimit: number | null;
  readonly paused: boolean;
  readonly inputs: PolicyInputs | null;
  readonly reorderPoint: number | null;
  readonly upTo: number | null;
  /** The business day of its inputs. */
  readonly computedOn: string | null;
  readonly stuck: Stuck | null;
  readonly version: number;
  /** Units, as a decision would count them now. */
  readonly onHand: number;
  readonly inTransit: number;
  readonly onOrder: number;
}

/** Which policies. */
export interface PolicyFilter {
  readonly id: string | null;
  readonly variantId: string | null;
  /** Only those whose need cannot be met. */
  readonly stuckOnly: boolean;
  /** The last policy of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

const READ = statement<PolicyState>(
  `SELECT r.id, r.variant_id AS "variantId", v.sku, r.location_id AS "locationId", r.policy, r.value_limit AS "valueLimit",
     r.paused, r.inputs, r.reorder_point AS "reorderPoint", r.up_to AS "upTo", r.computed_on::text AS "computedOn", r.stuck,
     r.version, ${POSITION}
   FROM replenishment_policies r JOIN variants v ON v.id = r.variant_id
   WHERE ($1::uuid IS NULL OR r.id = $1) AND ($2::uuid IS NULL OR r.variant_id = $2)
     AND (NOT $3::boolean OR r.stuck IS NOT NULL) AND ($4::uuid IS NULL OR r.id > $4)
   ORDER BY r.id LIMIT $5`,
  {
    id: uuid,
    variantId: uuid,
    sku: text,
    locationId: nullable(uuid),
    policy: json<Policy>(),
    valueLimit: nullable(integer),
    paused: boolean,
    inputs: json<PolicyInputs | null>(),
    reorderPoint: nullable(integer),
    upTo: nullable(integer),
    computedOn: nullable(text),
    stuck: nullable(text),
    version: integer,
    ...POSITION_SHAPE,
  },
);

/** Policies with their positions, in the order of their ids. */
export function readPolicies(transaction: Transaction, filter: PolicyFilter): Promise<PolicyState[]> {
  const { id, variantId, stuckOnly, after, limit } = filter;
  return rows(transaction, READ, [id, variantId, stuckOnly, after, limit]);
}

/** A need that was met, and why. */
export interface KeptDecision {
  readonly id: string;
  readonly at: Date;
  readonly why: Decision;
  /** Units. */
  readonly ordered: number;
  readonly transferred: number;
  readonly orderId: string | null;
}

const DECISIONS = statement<KeptDecision>(
  `SELECT id, at, why, ordered, transferred, order_id AS "orderId" FROM replenishment_decisions
   WHERE policy_id = $1 ORDER BY at DESC, id DESC LIMIT $2`,
  {
    id: uuid,
    at: instant,
    why: json<Decision>(),
    ordered: integer,
    transferred: integer,
    orderId: nullable(uuid),
  },
);

/** The last decisions of a policy, the newest first. */
export function readDecisions(
  transaction: Transaction,
  policyId: string,
  limit: number,
): Promise<KeptDecision[]> {
  return rows(transaction, DECISIONS, [policyId, limit]);
}
