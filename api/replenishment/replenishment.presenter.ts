import { businessDay } from '../../entities/calendar/business-day';
import { lastsDays } from '../../entities/replenishment/decide-replenishment';
import type { PolicyInputs } from '../../entities/replenishment/policy';
import type { KeptDecision, PolicyState } from '../../entities/replenishment/read-policies';
import type { DecisionView, ExpectationView, PolicyView } from './replenishment.view';

/** A policy as staff see it. */
export function presentPolicy(state: PolicyState): PolicyView {
  const { id, variantId, sku, locationId, policy, valueLimit, paused, reorderPoint, upTo, stuck, version } =
    state;
  const { onHand, inTransit, onOrder, inputs, computedOn } = state;
  return {
    ...{ id, variantId, sku, locationId, policy, valueLimit, paused, reorderPoint, upTo },
    position: { onHand, inTransit, onOrder },
    expectation: inputs && computedOn !== null ? presentExpectation(inputs, computedOn) : null,
    ...{ stuck, version },
  };
}

/** A decision as staff see it. */
export function presentDecision({ id, at, why, ordered, transferred, orderId }: KeptDecision): DecisionView {
  const { position, band, result, inputs } = why;
  const { onHand, inTransit, onOrder, total } = position;
  const parts = `on hand ${onHand}, in transit ${inTransit}, on order ${onOrder}`;
  const done = [
    ...(transferred > 0 ? [`moved ${transferred} units here`] : []),
    ...(ordered > 0 ? [`ordered ${ordered} units`] : []),
  ].join(' and ');
  return {
    id,
    at: at.toISOString(),
    sentence: `The position was ${total} (${parts}), at or below ${band.reorderPoint}: ${done} up to ${band.upTo}.`,
    ...{ ordered, transferred, orderId },
    approval: result.kind === 'order' ? [...result.approval] : [],
    position: { onHand, inTransit, onOrder },
    ...{ reorderPoint: band.reorderPoint, upTo: band.upTo },
    expectation: presentExpectation(inputs, businessDay(at)),
    lastsDays: lastsDays(why),
  };
}

function presentExpectation(inputs: PolicyInputs, day: string): ExpectationView {
  return {
    day,
    protectionDays: inputs.protectionDays,
    demand: tenths(inputs.protection.mean),
    deviation: tenths(Math.sqrt(inputs.protection.variance)),
    coverUnits: tenths(inputs.coverUnits),
    meanLine: tenths(inputs.meanLine),
  };
}

const tenths = (units: number) => Math.round(units * 10) / 10;
