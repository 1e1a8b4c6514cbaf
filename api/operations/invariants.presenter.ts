import type { Violation } from '../../entities/invariants/check-invariants';
import type { InvariantsView } from './invariants.view';

export function presentInvariants(
  violations: readonly Violation[],
  invariants: number,
  checkedAt: Date,
): InvariantsView {
  return {
    healthy: violations.length === 0,
    checkedAt: checkedAt.toISOString(),
    invariants,
    violations: violations.map(({ invariant, sentence, count, rows }) => ({
      invariant,
      sentence,
      count,
      rows: [...rows],
    })),
  };
}
