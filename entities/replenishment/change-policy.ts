import type { BusinessDay } from '../calendar/business-day';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { claimRequest } from '../steps/claim-request';
import { computePolicies } from './compute-policies';
import type { Policy } from './policy';
import { REPLENISHMENT } from './replenishment.events';

/** How a variant is to be reordered. */
export interface PolicyTerms {
  readonly policy: Policy;
  /** Rials: a person approves orders above it. Null: no limit. */
  readonly valueLimit: number | null;
  /** Nothing is ordered while it is. */
  readonly paused: boolean;
}

/** A policy to begin. */
export interface NewPolicy extends PolicyTerms {
  readonly policyId: string;
  readonly variantId: string;
  /** Null: all locations that sell, together. */
  readonly locationId: string | null;
  readonly today: BusinessDay;
}

const STANDING = statement<{ hasVariant: boolean; hasLocation: boolean }>(
  `SELECT EXISTS (SELECT FROM variants WHERE id = $1) AS "hasVariant",
     $2::uuid IS NULL OR EXISTS (SELECT FROM stock_locations WHERE id = $2) AS "hasLocation"`,
  { hasVariant: boolean, hasLocation: boolean },
);

/** A lock of the variant's policies that also holds while there is none. */
const LOCK_VARIANT = statement(
  `SELECT FROM (SELECT pg_advisory_xact_lock(hashtextextended('policies:' || $1::text, 0))) AS locked`,
);

const OTHERS = statement<{ id: string }>(
  `SELECT id FROM replenishment_policies
   WHERE variant_id = $1 AND ($2::uuid IS NULL OR location_id IS NULL OR location_id = $2)`,
  { id: uuid },
);

const BEGIN = statement(
  `INSERT INTO replenishment_policies (id, variant_id, location_id, policy, value_limit, paused)
   VALUES ($1, $2, $3, $4, $5, $6)`,
);

/**
 * Begins to reorder a variant at a location, or at all that sell together. A place has one policy, and one for all places excludes
 * others: two that count the same units would order twice. Its band is computed at once.
 *
 * @returns whether it is new; a repetition with the same id changes nothing
 * @throws AppError `replenishment.variant_unknown`, `replenishment.location_unknown`, `replenishment.policy_exists`,
 * `request.idempotency_key_reused`
 */
export async function beginPolicy(
  transaction: Transaction,
  actor: Actor,
  asked: NewPolicy,
): Promise<boolean> {
  const { policyId, variantId, locationId, policy, valueLimit, paused } = asked;
  await claimRequest(transaction, policyId, { variantId, locationId, policy, valueLimit, paused });
  await rows(transaction, LOCK_VARIANT, [variantId]);
  const { hasVariant, hasLocation } = (await row(transaction, STANDING, [variantId, locationId]))!;
  assertThat(hasVariant, 'replenishment.variant_unknown');
  assertThat(hasLocation, 'replenishment.location_unknown');
  const others = await rows(transaction, OTHERS, [variantId, locationId]);
  if (others.some(({ id }) => id === policyId)) return false;
  assertThat(others.length === 0, 'replenishment.policy_exists');
  const terms = [JSON.stringify(policy), valueLimit, paused];
  await rows(transaction, BEGIN, [policyId, variantId, locationId, ...terms]);
  await noteChange(transaction, actor, { policyId, variantId, today: asked.today });
  return true;
}

/** A change of a policy that somebody has read. */
export interface ChangedPolicy extends PolicyTerms {
  readonly policyId: string;
  /** The version that was read. */
  readonly seen: number;
  readonly today: BusinessDay;
}

/** All policies of the variant, in the order in which a decision locks them. */
const LOCK = statement<{ id: string; version: number; variantId: string }>(
  `SELECT id, version, variant_id AS "variantId" FROM replenishment_policies
   WHERE variant_id = (SELECT variant_id FROM replenishment_policies WHERE id = $1)
   ORDER BY id FOR UPDATE`,
  { id: uuid, version: integer, variantId: uuid },
);

const CHANGE = statement(
  `UPDATE replenishment_policies SET policy = $2, value_limit = $3, paused = $4, stuck = NULL, changed_at = now()
   WHERE id = $1`,
);

/**
 * Changes how a variant is reordered. What was ordered before stays ordered.
 *
 * @throws AppError `replenishment.policy_not_found`, `replenishment.policy_changed`
 */
export async function changePolicy(
  transaction: Transaction,
  actor: Actor,
  { policyId, seen, policy, valueLimit, paused, today }: ChangedPolicy,
): Promise<void> {
  const standing = (await rows(transaction, LOCK, [policyId])).find(({ id }) => id === policyId);
  if (!standing) throw new AppError('replenishment.policy_not_found');
  assertThat(standing.version === seen, 'replenishment.policy_changed', { version: standing.version });
  await rows(transaction, CHANGE, [policyId, JSON.stringify(policy), valueLimit, paused]);
  await noteChange(transaction, actor, { policyId, variantId: standing.variantId, today });
}

async function noteChange(
  transaction: Transaction,
  actor: Actor,
  { policyId, variantId, today }: { policyId: string; variantId: string; today: BusinessDay },
): Promise<void> {
  await recordEvents(transaction, REPLENISHMENT, policyId, {
    type: 'replenishment.policy_changed',
    payload: { variantId },
  });
  await audited(transaction, actor, {
    action: 'replenishment.change',
    object: { type: 'replenishment', id: policyId },
  });
  await computePolicies(transaction, { after: null, variantId, limit: 100, today });
}
