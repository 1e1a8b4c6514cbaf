import type { EntityManager } from 'typeorm';

import { businessDay } from '../../entities/calendar/business-day';
import { AppError } from '../../entities/errors';
import { beginPolicy, changePolicy } from '../../entities/replenishment/change-policy';
import { readDecisions, readPolicies, type PolicyState } from '../../entities/replenishment/read-policies';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import {
  BeginPolicyInput,
  ChangePolicyInput,
  PoliciesQuery,
  policyOf,
  PolicyParams,
} from './replenishment.input';
import { presentDecision, presentPolicy } from './replenishment.presenter';
import { DecisionsView, PoliciesView, PolicyView } from './replenishment.view';

const DECISIONS_SHOWN = 20;

/** How variants are reordered, and why they were. */
export function replenishmentRoutes(
  router: StaffRouter,
  { database, replenishment }: Pick<Dependencies, 'database' | 'replenishment'>,
): void {
  router.get(
    '/replenishment/policies',
    [
      describeRoute({
        operation: 'listReplenishmentPolicies',
        tag: 'replenishment',
        summary: 'How variants are reordered',
        answers: { 200: PoliciesView },
      }),
      may('replenishment.read'),
      validateQuery(PoliciesQuery),
    ],
    async (ctx) => {
      const { variantId = null, stuck: stuckOnly, after = null, limit } = ctx.state.query;
      const filter = { id: null, variantId, stuckOnly, after, limit: limit + 1 };
      const found = await readPolicies(database.manager, filter);
      const shown = found.slice(0, limit);
      const next = found.length > shown.length ? shown.at(-1)!.id : null;
      return { status: 200, body: { items: shown.map(presentPolicy), next } };
    },
  );

  router.post(
    '/replenishment/policies',
    [
      describeRoute({
        operation: 'beginReplenishmentPolicy',
        tag: 'replenishment',
        summary: 'Begin to reorder a variant',
        description:
          'Its band is computed at once, and its stock is looked at. A repetition with the same key is answered with the policy as it is now.',
        answers: { 201: PolicyView, 200: PolicyView },
        errors: [
          'replenishment.variant_unknown',
          'replenishment.location_unknown',
          'replenishment.policy_exists',
          'request.idempotency_key_reused',
        ],
      }),
      may('replenishment.change'),
      requireIdempotencyKey(),
      validate(BeginPolicyInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const policyId = derivedId('replenishment', caller.accountId, idempotencyKey);
      const { variantId, locationId = null, valueLimit = null, paused = false } = input;
      const terms = { policy: policyOf(input.policy), valueLimit, paused };
      const today = businessDay(new Date());
      const answer = await withTransaction(database, async (transaction) => {
        const asked = { policyId, variantId, locationId, ...terms, today };
        const isNew = await beginPolicy(transaction, actorOf(ctx.state), asked);
        return { status: isNew ? (201 as const) : (200 as const), ...(await show(transaction, policyId)) };
      });
      await replenishment.look(variantId);
      return answer;
    },
  );

  router.get(
    '/replenishment/policies/:id',
    [
      describeRoute({
        operation: 'getReplenishmentPolicy',
        tag: 'replenishment',
        summary: 'How a variant is reordered',
        answers: { 200: PolicyView },
        errors: ['replenishment.policy_not_found'],
      }),
      may('replenishment.read'),
      validateParams(PolicyParams, 'replenishment.policy_not_found'),
    ],
    async (ctx) => ({ status: 200, ...(await show(database.manager, ctx.state.params.id)) }),
  );

  router.put(
    '/replenishment/policies/:id',
    [
      describeRoute({
        operation: 'changeReplenishmentPolicy',
        tag: 'replenishment',
        summary: 'Reorder a variant in another way, or pause it',
        description: 'What was ordered before stays ordered.',
        answers: { 200: PolicyView },
        errors: ['replenishment.policy_not_found', 'replenishment.policy_changed'],
      }),
      may('replenishment.change'),
      validateParams(PolicyParams, 'replenishment.policy_not_found'),
      requireIfMatch(),
      validate(ChangePolicyInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const { valueLimit = null, paused = false } = input;
      const terms = { policy: policyOf(input.policy), valueLimit, paused };
      const change = { policyId: params.id, seen, ...terms, today: businessDay(new Date()) };
      const answer = await withTransaction(database, async (transaction) => {
        await changePolicy(transaction, actorOf(ctx.state), change);
        return show(transaction, params.id);
      });
      await replenishment.look(answer.body.variantId);
      return { status: 200, ...answer };
    },
  );

  router.get(
    '/replenishment/policies/:id/decisions',
    [
      describeRoute({
        operation: 'listReplenishmentDecisions',
        tag: 'replenishment',
        summary: `Why a variant was reordered: the last ${DECISIONS_SHOWN} decisions`,
        answers: { 200: DecisionsView },
        errors: ['replenishment.policy_not_found'],
      }),
      may('replenishment.read'),
      validateParams(PolicyParams, 'replenishment.policy_not_found'),
    ],
    async (ctx) => {
      const { id } = await read(database.manager, ctx.state.params.id);
      const found = await readDecisions(database.manager, id, DECISIONS_SHOWN);
      return { status: 200, body: { items: found.map(presentDecision) } };
    },
  );
}

async function read(manager: EntityManager, id: string): Promise<PolicyState> {
  const [found] = await readPolicies(manager, {
    ...{ id, variantId: null, stuckOnly: false, after: null, limit: 1 },
  });
  if (!found) throw new AppError('replenishment.policy_not_found');
  return found;
}

async function show(manager: EntityManager, id: string) {
  const state = await read(manager, id);
  return { headers: { ETag: versionTag(state.version) }, body: presentPolicy(state) };
}
