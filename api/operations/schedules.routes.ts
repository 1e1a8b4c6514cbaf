import { AppError, assertThat } from '../../entities/errors';
import { readJobRecords, type JobRecord } from '../../entities/jobs/read-runs';
import { audited } from '../../entities/staff/audited';
import { withTransaction } from '../../platform/transaction';
import type { CallResult } from '../../temporal/call-workflow';
import type { Job } from '../../temporal/jobs';
import type { ScheduleStatus } from '../../temporal/schedule-calls';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import { unanswered } from '../orders/workflow-answer';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import { BackfillInput, ScheduleParams, ScheduleReasonInput } from './schedules.input';
import { SchedulesView, type ScheduleView } from './schedules.view';

/** Each run of a backfill is a workflow, one after the other. */
const MOST_BACKFILLED = 100;
const LATE_AFTER_INTERVALS = 3;

/** What the routes that change a schedule have in common. */
const describeChange = (operation: string, summary: string, description: string) =>
  [
    describeRoute({
      operation,
      tag: 'operations',
      summary,
      description,
      answers: { 204: 'Temporal has it.' },
      errors: ['schedule.not_found'],
    }),
    may('schedule.change'),
    validateParams(ScheduleParams, 'schedule.not_found'),
    validate(ScheduleReasonInput),
  ] as const;

type Verb = 'pause' | 'resume' | 'trigger' | 'backfill';

/** The recurring jobs of the shop, for staff to see, pause, resume and run. */
export function schedulesRoutes(
  router: StaffRouter,
  { database, jobs, schedules }: Pick<Dependencies, 'database' | 'jobs' | 'schedules'>,
): void {
  const jobOf = (id: string): Job => {
    const job = jobs.find((it) => it.id === id);
    assertThat(job, 'schedule.not_found');
    return job;
  };

  /** The record comes first: nothing is done to a schedule without it. */
  async function change(
    acting: Acting,
    id: string,
    verb: Verb,
    details: Readonly<Record<string, string>>,
    send: () => Promise<CallResult<true | null>>,
  ): Promise<void> {
    await withTransaction(database, (transaction) =>
      audited(transaction, actorOf(acting), {
        action: 'schedule.change',
        object: { type: 'schedule', id: null },
        details: { schedule: id, verb, ...details },
      }),
    );
    const result = await send();
    if (result.kind !== 'answered') throw unanswered(result);
    if (result.answer === null) throw new AppError('schedule.not_found');
  }

  router.get(
    '/operations/schedules',
    [
      describeRoute({
        operation: 'listSchedules',
        tag: 'operations',
        summary: 'Every recurring job: what it did last and does next',
        answers: { 200: SchedulesView },
      }),
      may('schedule.read'),
    ],
    async () => {
      const records = await readJobRecords(
        database.manager,
        jobs.map(({ id }) => id),
      );
      const items = await Promise.all(
        jobs.map(async (job) => {
          const status = await schedules.describe(job.id);
          if (status.kind !== 'answered') throw unanswered(status);
          return presentSchedule(
            job,
            status.answer,
            records.find((it) => it.job === job.id)!,
          );
        }),
      );
      return { status: 200, body: { items } };
    },
  );

  router.post(
    '/operations/schedules/:id/pause',
    [
      ...describeChange(
        'pauseSchedule',
        'Pause a schedule',
        'It starts nothing until it is resumed. A run that is under way ends. A deploy leaves it paused.',
      ),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      jobOf(params.id);
      await change(ctx.state, params.id, 'pause', { reason: input.reason }, () =>
        schedules.pause(params.id, input.reason),
      );
      return { status: 204 };
    },
  );

  router.post(
    '/operations/schedules/:id/resume',
    [
      ...describeChange(
        'resumeSchedule',
        'Resume a paused schedule',
        'Runs that were missed are not made up for.',
      ),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      jobOf(params.id);
      await change(ctx.state, params.id, 'resume', { reason: input.reason }, () =>
        schedules.resume(params.id, input.reason),
      );
      return { status: 204 };
    },
  );

  router.post(
    '/operations/schedules/:id/trigger',
    [
      ...describeChange(
        'triggerSchedule',
        'Run a job now',
        'Also while its schedule is paused. Nothing happens while a run is under way.',
      ),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      jobOf(params.id);
      await change(ctx.state, params.id, 'trigger', { reason: input.reason }, () =>
        schedules.trigger(params.id),
      );
      return { status: 204 };
    },
  );

  router.post(
    '/operations/schedules/:id/backfill',
    [
      describeRoute({
        operation: 'backfillSchedule',
        tag: 'operations',
        summary: 'Make up for the runs of a time',
        description: 'One after the other, also while the schedule is paused.',
        answers: { 204: 'Temporal has it.' },
        errors: ['schedule.not_found', 'schedule.backfill_invalid'],
      }),
      may('schedule.change'),
      validateParams(ScheduleParams, 'schedule.not_found'),
      validate(BackfillInput),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const { when } = jobOf(params.id);
      const [from, until] = [new Date(input.from), new Date(input.until)];
      const lastsMs = until.getTime() - from.getTime();
      const isValid =
        lastsMs > 0 && lastsMs <= MOST_BACKFILLED * when.everyMs && until.getTime() <= Date.now();
      assertThat(isValid, 'schedule.backfill_invalid');
      const details = { reason: input.reason, from: from.toISOString(), until: until.toISOString() };
      await change(ctx.state, params.id, 'backfill', details, () =>
        schedules.backfill(params.id, from, until),
      );
      return { status: 204 };
    },
  );
}

function presentSchedule(
  { id, summary, when }: Job,
  status: ScheduleStatus | null,
  { last, succeededAt }: JobRecord,
): ScheduleView {
  const lateAfter = (succeededAt?.getTime() ?? Infinity) + LATE_AFTER_INTERVALS * when.everyMs;
  return {
    id,
    summary,
    everySeconds: Math.round(when.everyMs / 1_000),
    status: status && { ...status, nextAt: status.nextAt?.toISOString() ?? null },
    lastRun: last && {
      state: last.state as 'running' | 'done' | 'failed',
      startedAt: last.startedAt.toISOString(),
      endedAt: last.endedAt?.toISOString() ?? null,
      result: objectOf(last.result),
      error: last.error,
      workflowId: last.workflowId,
    },
    lastSuccessAt: succeededAt?.toISOString() ?? null,
    isLate: status?.isPaused !== true && lateAfter < Date.now(),
  };
}

/** Some jobs only count. */
function objectOf(result: unknown): Record<string, unknown> | null {
  if (result === null || result === undefined) return null;
  return typeof result === 'object' ? (result as Record<string, unknown>) : { count: result };
}
