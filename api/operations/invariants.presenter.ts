import type { Violation } from '../../entities/invariants/check-invariants';
import type { InvariantsView } from './invariants.view';

export function presentInvariants(
  violations: readonly Violation[],
  laws: number,
  checkedAt: Date,
): InvariantsView {
  return {
    healthy: violations.length === 0,
    checkedAt: checkedAt.toISOString(),
    laws,
    violations: violations.map(({ law, sentence, count, offenders }) => ({
      law,
      sentence,
      count,
      offenders: [...offenders],
    })),
  };
}
