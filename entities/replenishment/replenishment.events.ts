import type { Aggregate } from '../events/aggregate';
import type { Stuck } from './replenishment-policy';

/** What the journal says of a policy, by type. Only staff see it. */
export interface ReplenishmentEvents {
  'replenishment.policy_changed': { variantId: string };
  'replenishment.paused': { variantId: string };
  'replenishment.resumed': { variantId: string };
  /** A need was met. */
  'replenishment.decided': { variantId: string; decisionId: string; ordered: number; transferred: number };
  /** A need cannot be met until a person does something. */
  'replenishment.stuck': { variantId: string; reason: Stuck };
}

/** A policy's history in the journal. */
export const REPLENISHMENT: Aggregate<ReplenishmentEvents> = {
  type: 'replenishment',
  table: 'replenishment_policies',
};
