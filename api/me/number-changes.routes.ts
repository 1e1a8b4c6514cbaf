import { cancelNumberChange } from '../../entities/customers/lost-number';
import { readNumberChanges } from '../../entities/customers/read-number-change';
import type { ErrorCode } from '../../entities/errors';
import { withTransaction } from '../../platform/transaction';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { confirmChange, requestChange, type NumberChangeDependencies } from './change-number';
import {
  ConfirmNumberChangeInput,
  NumberChangeParams,
  RequestNumberChangeInput,
} from './number-changes.input';
import { NumberChangesView, presentNumberChange, RequestedNumberChangeView } from './number-changes.view';

const REQUEST_ERRORS: readonly ErrorCode[] = [
  'number_change.same',
  'number_change.over',
  'request.idempotency_key_reused',
  'auth.code_over',
  'auth.code_too_soon',
  'auth.codes_too_many',
  'auth.codes_exhausted',
  'service.unavailable',
];

/** Another number for an account. */
export function numberChangesRoutes(router: CustomerRouter, dependencies: NumberChangeDependencies): void {
  const { database, numberChanges } = dependencies;

  router.get(
    '/me/number-changes',
    [
      describeRoute({
        operation: 'listNumberChanges',
        tag: 'me',
        summary: 'The latest changes of number, the newest first',
        answers: { 200: NumberChangesView },
      }),
      may('number.recover'),
    ],
    async (ctx) => {
      const changes = await readNumberChanges(database.manager, ctx.state.caller.accountId);
      return { status: 200, body: { items: changes.map(presentNumberChange) } };
    },
  );

  router.post(
    '/me/number-changes',
    [
      describeRoute({
        operation: 'requestNumberChange',
        tag: 'me',
        summary: 'Begin a change of number: a code goes to the new and one to the old number',
        description:
          'It takes the place of a change that is under way. Repeat with the same key until there is an answer.',
        answers: { 201: RequestedNumberChangeView, 200: RequestedNumberChangeView },
        errors: REQUEST_ERRORS,
      }),
      may('number.change'),
      requireIdempotencyKey(),
      validate(RequestNumberChangeInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey, clientAddress } = ctx.state;
      const { accountId, sessionId } = caller;
      const request = { accountId, sessionId, spelling: input.newPhone, isOldLost: false };
      const { body, isNew } = await requestChange(dependencies, {
        ...request,
        idempotencyKey,
        clientAddress,
      });
      return { status: isNew ? 201 : 200, body };
    },
  );

  router.post(
    '/me/lost-numbers',
    [
      describeRoute({
        operation: 'reportLostNumber',
        tag: 'me',
        summary: 'Begin a change of number without the old one: a code goes to the new number',
        description:
          'With the right code staff judge the change. Once they approve, the old number gets a notice, and its owner has days to cancel.',
        answers: { 201: RequestedNumberChangeView, 200: RequestedNumberChangeView },
        errors: REQUEST_ERRORS,
      }),
      may('number.recover'),
      requireIdempotencyKey(),
      validate(RequestNumberChangeInput),
    ],
    async (ctx) => {
      const { caller, input, idempotencyKey, clientAddress } = ctx.state;
      const { accountId, sessionId } = caller;
      const request = { accountId, sessionId, spelling: input.newPhone, isOldLost: true };
      const { body, isNew } = await requestChange(dependencies, {
        ...request,
        idempotencyKey,
        clientAddress,
      });
      return { status: isNew ? 201 : 200, body };
    },
  );

  router.post(
    '/me/number-changes/:id',
    [
      describeRoute({
        operation: 'confirmNumberChange',
        tag: 'me',
        summary: 'Show the codes that came to both numbers',
        description:
          'Every other session ends, and the old number gets a notice. A wrong code counts; a right one is not asked for again.',
        answers: { 204: 'The number is changed, or staff must approve the change.' },
        errors: [
          'number_change.over',
          'number_change.taken',
          'auth.code_wrong',
          'auth.code_over',
          'auth.guesses_too_many',
        ],
      }),
      may('number.recover'),
      validateParams(NumberChangeParams, 'number_change.not_found'),
      validate(ConfirmNumberChangeInput),
    ],
    async (ctx) => {
      const { caller, params, input, log } = ctx.state;
      const { newCode, oldCode = null } = input;
      await confirmChange(dependencies, { ...caller, changeId: params.id, newCode, oldCode, log });
      return { status: 204 };
    },
  );

  router.delete(
    '/me/number-changes/:id',
    [
      describeRoute({
        operation: 'cancelNumberChange',
        tag: 'me',
        summary: 'Cancel a change of number that is under way',
        answers: { 204: 'The change is cancelled.' },
        errors: ['number_change.over'],
      }),
      may('number.recover'),
      validateParams(NumberChangeParams, 'number_change.not_found'),
    ],
    async (ctx) => {
      const change = { changeId: ctx.state.params.id, accountId: ctx.state.caller.accountId };
      await withTransaction(database, (transaction) => cancelNumberChange(transaction, change));
      await numberChanges.cancelled(change.changeId);
      return { status: 204 };
    },
  );
}
