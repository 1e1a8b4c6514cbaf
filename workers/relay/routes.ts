import { ACCOUNT } from '../../entities/auth/auth.events';
import { AVAILABILITY, STOCK_LEVEL } from '../../entities/inventory/inventory.events';
import {
  look,
  NUMBER_CHANGE_WORKFLOW,
  numberChangeOf,
} from '../../workflows/customers/number-change.contract';
import {
  look as lookAtStock,
  STOCK_ALERT_WORKFLOW,
  stockAlertOf,
} from '../../workflows/inventory/stock-alert.contract';
import { route, type Route } from './route';

/**
 * The routing table: which events wake which workflows. A workflow that follows a change of rows needs a row here and a signal
 * `look` in its contract.
 */
export const ROUTES: readonly Route[] = [
  // The API starts it too, so that it begins at once. It may die between its commit and the start.
  route({
    from: ACCOUNT,
    types: ['account.number_change_approved', 'account.number_change_cancelled'],
    workflow: NUMBER_CHANGE_WORKFLOW,
    id: ({ payload }) => payload.changeId,
    target: (changeId) => ({ ...numberChangeOf(changeId), signal: look }),
  }),
  // Nobody is told that some units are left of many: only that there is none, or more than before.
  route({
    from: AVAILABILITY,
    types: ['availability.changed'],
    when: ({ payload: { was, available } }) => available === 0 || available > was,
    workflow: STOCK_ALERT_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: stockAlert,
  }),
  route({
    from: STOCK_LEVEL,
    types: ['stock.low'],
    workflow: STOCK_ALERT_WORKFLOW,
    id: ({ payload }) => payload.variantId,
    target: stockAlert,
  }),
];

function stockAlert(variantId: string) {
  return { ...stockAlertOf(variantId), signal: lookAtStock };
}
