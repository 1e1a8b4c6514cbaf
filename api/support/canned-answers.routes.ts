import { CannedAnswerInput } from '../../entities/support/canned-answer.input';
import { CannedAnswersView, CannedAnswerView } from '../../entities/support/canned-answer.view';
import {
  keepCannedAnswer,
  readCannedAnswers,
  removeCannedAnswer,
} from '../../entities/support/canned-answers';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { CannedAnswerParams, TeamQuery } from './tickets.input';

/** What teams answer often. */
export function cannedAnswersRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/support/canned-answers',
    [
      describeRoute({
        operation: 'listCannedAnswers',
        tag: 'support',
        summary: 'The canned answers of a team, by code',
        answers: { 200: CannedAnswersView },
      }),
      may('ticket.work'),
      validateQuery(TeamQuery),
    ],
    async (ctx) => {
      const items = await readCannedAnswers(database.manager, ctx.state.query.team);
      return { status: 200, body: { items } };
    },
  );

  router.put(
    '/support/canned-answers/:team/:code',
    [
      describeRoute({
        operation: 'keepCannedAnswer',
        tag: 'support',
        summary: 'Write a canned answer, new or instead of the one that was read',
        description: 'The `ETag` is the `version` in quotes: `"0"` writes a new one.',
        answers: { 200: CannedAnswerView },
        errors: ['canned_answer.variables', 'canned_answer.changed', 'canned_answer.too_many'],
      }),
      may('support.arrange'),
      validateParams(CannedAnswerParams, 'canned_answer.not_found'),
      requireIfMatch(),
      validate(CannedAnswerInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const body = await withTransaction(database, (transaction) =>
        keepCannedAnswer(transaction, actorOf(ctx.state), { ...params, ...input, seen }),
      );
      return { status: 200, headers: { ETag: versionTag(body.version) }, body };
    },
  );

  router.delete(
    '/support/canned-answers/:team/:code',
    [
      describeRoute({
        operation: 'removeCannedAnswer',
        tag: 'support',
        summary: 'Remove a canned answer',
        answers: { 204: 'The team has no canned answer with this code.' },
        errors: ['canned_answer.changed'],
      }),
      may('support.arrange'),
      validateParams(CannedAnswerParams, 'canned_answer.not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      const { params, seen } = ctx.state;
      await withTransaction(database, (transaction) =>
        removeCannedAnswer(transaction, actorOf(ctx.state), { ...params, seen }),
      );
      return { status: 204 };
    },
  );
}
