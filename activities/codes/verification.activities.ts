import { log } from '@temporalio/activity';

import type { CodeBudget } from '../../entities/auth/refuse-too-many-codes';
import type { VerificationLimits } from '../../entities/auth/verification-limits';
import { readCode, type ReadCode } from '../../entities/codes/code-state';
import { readEndedCode } from '../../entities/codes/end-code';
import { sendCode, type SendCode } from '../../entities/codes/send-code';
import { AppError } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import type { Metrics } from '../../platform/metrics';
import type { VerificationSteps } from '../../workflows/verification/verification.steps';
import { alertCounter } from '../operations/alert-counter';
import type { Steps } from '../step';

const SECONDS = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300];
const BUDGETS: readonly CodeBudget[] = ['ample', 'half', 'spent'];
const PROBLEMS = {
  half: {
    code: 'auth.codes_half_spent',
    problem: 'half of the messages with codes that the shop may send are used up',
  },
  spent: {
    code: 'auth.codes_exhausted',
    problem: 'the shop sends no more codes to devices that it does not know',
  },
} as const;

/** The steps of a code's workflow. They count what becomes of codes, and alert a person when the shop sends too many. */
export function createVerificationActivities(
  { step, stepOnce }: Steps,
  metrics: Metrics,
  limits: VerificationLimits,
): VerificationSteps {
  const alerts = alertCounter(metrics);
  const codes = metrics.counter(
    'asoud_codes_total',
    'One-time codes: those requested, the messages sent with them, and those used or over',
    ['purpose', 'what'],
  );
  const seconds = metrics.histogram(
    'asoud_code_verify_seconds',
    'How long people took from asking for a code to using it',
    ['purpose'],
    SECONDS,
  );
  /** What a person has heard of the budget. */
  let told: CodeBudget = 'ample';

  function alertAbout(budget: CodeBudget): void {
    if (budget !== 'ample' && BUDGETS.indexOf(budget) > BUDGETS.indexOf(told)) {
      const { code, problem } = PROBLEMS[budget];
      alerts.inc({ code });
      log.error(problem, { alert: code });
    }
    told = budget;
  }

  async function requireCode(transaction: Transaction, verificationId: string): Promise<ReadCode> {
    const code = await readCode(transaction, verificationId, limits);
    if (!code) throw new AppError('auth.code_over');
    return code;
  }

  const sendOnce = stepOnce(
    async (transaction, input: SendCode) => ({
      ...(await sendCode(transaction, input, limits)),
      isFirst: true,
    }),
    async (transaction, { verificationId }) => ({
      ...(await requireCode(transaction, verificationId)),
      isFirst: false,
    }),
  );
  const endOnce = stepOnce(
    async (transaction, input: { readonly verificationId: string }) => ({
      ...(await readEndedCode(transaction, input)),
      isFirst: true,
    }),
    async (transaction, input) => ({ ...(await readEndedCode(transaction, input)), isFirst: false }),
  );

  return {
    readCode: step(
      async (transaction, { verificationId }) =>
        (await readCode(transaction, verificationId, limits))?.state ?? null,
    ),
    async sendCode(input) {
      const { state, purpose, budget, isFirst } = await sendOnce(input);
      if (isFirst) {
        if (!input.isResend) codes.inc({ purpose, what: 'requested' });
        codes.inc({ purpose, what: 'sent' });
        alertAbout(budget);
      }
      return state;
    },
    async noteEndOfCode(input) {
      const { purpose, usedAfterMs, isFirst } = await endOnce(input);
      if (!isFirst) return;
      codes.inc({ purpose, what: usedAfterMs === null ? 'over' : 'used' });
      if (usedAfterMs !== null) seconds.observe({ purpose }, usedAfterMs / 1_000);
    },
  };
}
