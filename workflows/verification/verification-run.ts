import { setCurrentDetails } from '@temporalio/workflow';

import type { CodeState } from '../../entities/codes/code-state';
import { localFirst } from '../shared/local-first';
import { Mailbox } from '../shared/mailbox';
import type { DueTask } from '../shared/work-until-done';
import type { SentCode, VerificationInput } from './verification.contract';
import type { VerificationSteps } from './verification.steps';

/** One transaction each. */
export const steps = localFirst<VerificationSteps>();

/** What a message to the workflow asks of it. */
export type Request =
  | { readonly kind: 'send' }
  | { readonly kind: 'resend'; readonly askId: string }
  | { readonly kind: 'look' };

/** Something to do for a code, and when. */
export type CodeTask =
  | (DueTask & { readonly kind: 'look at the code' | 'note its end' })
  | (DueTask & { readonly kind: 'start its message'; readonly messageId: string });

/** The clock of Postgres decides when a code expires. The worker's may be a little ahead of it. */
const LOOK_AGAIN_MS = 1_000;

/** The code as the rows last said, the messages received, and what is remembered beside the rows. */
export class VerificationRun {
  readonly mailbox = new Mailbox<Request, SentCode>();
  /** Messages whose workflows were started. A reset starts them once more, which changes nothing. */
  readonly started = new Set<string>();
  /** Postgres does not know the code, or not any more. */
  isLost = false;
  isNoted = false;
  private state?: CodeState;
  private lookedAt = 0;

  constructor(readonly input: VerificationInput) {}

  get code(): CodeState {
    if (!this.state) throw new Error('the code is not known yet');
    return this.state;
  }

  nextTask(): CodeTask | undefined {
    if (this.isLost) return undefined;
    if (!this.state) return { at: 0, kind: 'look at the code' };
    const { end, expiresAt, openMessages } = this.state;
    const messageId = openMessages.find((id) => !this.started.has(id));
    if (messageId !== undefined) return { at: 0, kind: 'start its message', messageId };
    if (end !== null) return this.isNoted ? undefined : { at: 0, kind: 'note its end' };
    return { at: Math.max(expiresAt, this.lookedAt + LOOK_AGAIN_MS), kind: 'look at the code' };
  }

  /** Follows the code as a step returned it. */
  follow(state: CodeState): CodeState {
    this.state = state;
    this.lookedAt = Date.now();
    const { end, sends, expiresAt } = state;
    setCurrentDetails(
      [
        `**${end ?? 'open'}** – in ${sends} ${sends === 1 ? 'message' : 'messages'}`,
        `Of use until ${new Date(expiresAt).toISOString()}.`,
        ...state.openMessages.map((id) => `Message \`${id}\``),
      ].join('\n\n'),
    );
    return state;
  }

  /** Reads the rows again. */
  async refresh(): Promise<void> {
    const state = await steps.readCode({ verificationId: this.input.verificationId });
    if (state) this.follow(state);
    else this.isLost = true;
  }
}
