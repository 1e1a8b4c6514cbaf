import { decideReplenishment } from '../../entities/replenishment/decide-replenishment';
import type { ReplenishmentSteps } from '../../workflows/replenishment/replenishment.steps';
import type { Steps } from '../step';

/** The step of a decision about a variant. */
export function createReplenishmentActivities({ step }: Steps): ReplenishmentSteps {
  return { decideReplenishment: step(decideReplenishment) };
}
