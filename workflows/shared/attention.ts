import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import { SEARCH_ATTRIBUTES } from './search-attributes.contract';

/** Something only a person can put right, and how they tell the workflow that they did. */
export interface Blocker {
  readonly what: string;
  readonly code: string;
  /** The update that resolves it, as an operator sends it. */
  readonly resolvedBy: string;
}

/**
 * What keeps a workflow from going on by itself, by subject. While there is anything, the workflow is found by
 * `NeedsAttention = true` and its details say what to do; a workflow never fails for such a reason, it waits.
 */
export class Attention {
  private readonly blockers = new Map<string, Blocker>();

  /**
   * @param raise calls a person
   * @param changed shows operators what there is now
   */
  constructor(
    private readonly raise: (blocker: Blocker) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  get all(): readonly Blocker[] {
    return [...this.blockers.values()];
  }

  /** What is wrong with the subject, if anything. */
  codeOf(subject: string): string | undefined {
    return this.blockers.get(subject)?.code;
  }

  /** Says what is wrong with the subject, and calls a person unless this very blocker is known already. */
  async needFor(subject: string, blocker: Blocker): Promise<void> {
    const known = this.blockers.get(subject);
    if (this.blockers.size === 0) this.publish(true);
    this.blockers.set(subject, blocker);
    this.changed();
    if (known?.code !== blocker.code) await this.raise(blocker);
  }

  /** Whatever was wrong with the subject is right again. */
  resolve(subject: string): void {
    if (!this.blockers.delete(subject)) return;
    if (this.blockers.size === 0) this.publish(false);
    this.changed();
  }

  /** A resumed workflow finds out anew what is wrong, if anything is. */
  forgetEarlierRuns(): void {
    if (workflowInfo().typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention)) this.publish(false);
  }

  private publish(value: boolean): void {
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.needsAttention, value }]);
  }
}
