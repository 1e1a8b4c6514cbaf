import { invalidateAnswers } from '../../entities/cache/invalidate-answers';
import { AppError } from '../../entities/errors';
import { readJobRecords } from '../../entities/jobs/read-runs';
import { invalidRequest } from '../../entities/problem';
import { audited } from '../../entities/staff/audited';
import { withTransaction } from '../../platform/transaction';
import { ANSWER_KINDS } from '../answers/answer-kinds';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { EntriesQuery, EntryQuery, InvalidateInput } from './cache.input';
import { presentEntry, presentKind, presentWarming } from './cache.presenter';
import { CacheView, EntriesView, InspectedView, type WarmingView } from './cache.view';

/** The id of the schedule. */
const WARMING_JOB = 'cache-warming';

/** What staff see of kept answers, how they end some, and how they have the hot ones loaded. */
export function cacheRoutes(
  router: StaffRouter,
  { answers, database, cacheWarming }: Pick<Dependencies, 'answers' | 'database' | 'cacheWarming'>,
): void {
  async function readWarming(): Promise<WarmingView | null> {
    const [record] = await readJobRecords(database.manager, [WARMING_JOB]);
    const last = record?.last;
    if (!last) return null;
    const progress = last.state === 'running' ? await cacheWarming.progress(last) : undefined;
    return presentWarming(last, progress?.kind === 'answered' ? progress.answer : null);
  }

  router.get(
    '/cache',
    [
      describeRoute({
        operation: 'readCache',
        tag: 'cache',
        summary: 'How many public answers come from the cache, what it holds, and how it was warmed',
        description:
          'The figures are those of the process that answers. The metrics have those of all. It is warmed for all.',
        answers: { 200: CacheView },
      }),
      may('cache.read'),
    ],
    async () => {
      const { kinds, ...state } = answers.figures();
      const warming = await readWarming();
      return { status: 200, body: { ...state, kinds: kinds.map(presentKind), warming } };
    },
  );

  router.get(
    '/cache/entries',
    [
      describeRoute({
        operation: 'listCacheEntries',
        tag: 'cache',
        summary: 'The answers that this process keeps, those used last first',
        answers: { 200: EntriesView },
      }),
      may('cache.read'),
      validateQuery(EntriesQuery),
    ],
    (ctx) => {
      const { pattern, limit } = ctx.state.query;
      return { status: 200, body: { items: answers.list(pattern, limit).map(presentEntry) } };
    },
  );

  router.get(
    '/cache/entry',
    [
      describeRoute({
        operation: 'inspectCacheEntry',
        tag: 'cache',
        summary: 'One answer, in this process and in Redis, and whether it would be sent',
        answers: { 200: InspectedView },
      }),
      may('cache.read'),
      validateQuery(EntryQuery),
    ],
    async (ctx) => {
      const { name } = ctx.state.query;
      const kind = ANSWER_KINDS.find((it) => name.startsWith(`${it} `));
      if (!kind)
        throw invalidRequest([
          { in: 'query', field: 'name', rule: 'kind', detail: 'must begin with a kind' },
        ]);
      const { local, shared } = await answers.inspect(kind, name);
      const present = (found: typeof local) => (found ? presentEntry(found) : null);
      return { status: 200, body: { local: present(local), shared: present(shared) } };
    },
  );

  router.post(
    '/cache/invalidations',
    [
      describeRoute({
        operation: 'invalidateCache',
        tag: 'cache',
        summary: 'Let every process load answers again',
        description:
          'By an event of the journal, which every process follows, within a second. Changes of the catalogue do so by themselves: this is for what was changed past the shop.',
        answers: { 204: 'The event is recorded.' },
      }),
      may('cache.invalidate'),
      validate(InvalidateInput),
    ],
    async (ctx) => {
      const { tags, pattern = null } = ctx.state.input;
      if (tags.length === 0 && pattern === null)
        throw invalidRequest([
          { in: 'body', field: 'tags', rule: 'some', detail: 'or a pattern must be there' },
        ]);
      await withTransaction(database, (transaction) =>
        invalidateAnswers(transaction, actorOf(ctx.state), { tags, pattern }),
      );
      return { status: 204 };
    },
  );

  router.post(
    '/cache/warm',
    [
      describeRoute({
        operation: 'warmCache',
        tag: 'cache',
        summary: 'Load now what is asked for most',
        description:
          'A workflow does it, within a budget, and slower while the API is busy. Nothing happens while it runs. `GET /cache` shows how far it is.',
        answers: { 202: 'The cache is being warmed.' },
        errors: ['service.unavailable'],
      }),
      may('cache.warm'),
    ],
    async (ctx) => {
      await withTransaction(database, (transaction) =>
        audited(transaction, actorOf(ctx.state), {
          action: 'cache.warm',
          object: { type: 'answer_cache', id: null },
        }),
      );
      const started = await cacheWarming.start();
      if (started.kind !== 'answered') throw new AppError('service.unavailable');
      return { status: 202 };
    },
  );
}
