import { ACCOUNT } from '../../entities/auth/auth.events';
import {
  look,
  NUMBER_CHANGE_WORKFLOW,
  numberChangeOf,
} from '../../workflows/customers/number-change.contract';
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
];
