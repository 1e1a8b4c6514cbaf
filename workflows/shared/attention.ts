import { proxyActivities, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import { NEEDS_ATTENTION } from './attention.contract';
import type { Alert, AttentionSteps } from './attention.steps';

/** Something that only a person can solve. */
export interface Blocker {
  readonly what: string;
  readonly code: string;
  /** The update that an operator sends once it is solved. */
  readonly resolvedBy: string;
}

/** Blockers as an operator reads them, in Markdown. */
export function renderBlockers(blockers: readonly Blocker[]): string[] {
  return blockers.map(
    ({ what, code, resolvedBy }) => `> **Needs a person:** ${what} (\`${code}\`). ${resolvedBy}`,
  );
}

const { raiseAlert } = proxyActivities<AttentionSteps>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumInterval: '1 minute' },
  summary: 'alert a person',
});

/**
 * The blockers of a workflow, by subject. While there is one, `NeedsAttention = true` finds the workflow and its details
 * say what to do. A workflow never fails because of a blocker; it waits.
 */
export class Attention {
  private readonly blockers = new Map<string, Blocker>();

  /**
   * @param about the ids that an alert names
   * @param beforeAlert runs before each alert, so that callers who wait get their answer first
   * @param changed shows operators the current blockers
   */
  constructor(
    private readonly about: Alert['about'],
    private readonly beforeAlert: () => void,
    private readonly changed: () => void,
  ) {}

  get all(): readonly Blocker[] {
    return [...this.blockers.values()];
  }

  /** The code of the subject's blocker, if there is one. */
  codeOf(subject: string): string | undefined {
    return this.blockers.get(subject)?.code;
  }

  /** Records the subject's blocker. Alerts a person unless the same blocker is already known. */
  async needFor(subject: string, blocker: Blocker): Promise<void> {
    const known = this.blockers.get(subject);
    if (this.blockers.size === 0) this.publish(true);
    this.blockers.set(subject, blocker);
    this.changed();
    if (known?.code !== blocker.code) await this.alert(blocker.what, blocker.code);
  }

  /** Alerts a person about something that does not block the workflow. */
  async alert(problem: string, code: string): Promise<void> {
    this.beforeAlert();
    await raiseAlert({ about: this.about, problem, code });
  }

  /** The subject's blocker is solved. */
  resolve(subject: string): void {
    if (!this.blockers.delete(subject)) return;
    if (this.blockers.size === 0) this.publish(false);
    this.changed();
  }

  /** A resumed workflow starts without blockers, whatever an earlier run has published. It finds them again by itself. */
  forgetEarlierRuns(): void {
    if (workflowInfo().typedSearchAttributes.get(NEEDS_ATTENTION)) this.publish(false);
  }

  private publish(value: boolean): void {
    upsertSearchAttributes([{ key: NEEDS_ATTENTION, value }]);
  }
}
