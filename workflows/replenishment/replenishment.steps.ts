import type { Replenished, ReplenishmentLook } from '../../entities/replenishment/decide-replenishment';

/** One transaction, guarded by the state: a repetition finds that the need is met. */
export interface ReplenishmentSteps {
  decideReplenishment(input: ReplenishmentLook): Promise<Replenished>;
}
