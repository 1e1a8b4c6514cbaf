import { carryOutNumberChange } from '../../entities/customers/lost-number';
import type { NumberChangeSteps } from '../../workflows/customers/number-change.steps';
import type { Steps } from '../step';

/** The step of a change of number that waits. */
export function createNumberChangeActivities({ step }: Steps): NumberChangeSteps {
  return { carryOutNumberChange: step(carryOutNumberChange) };
}
