import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import { SEARCH_ATTRIBUTES } from './search-attributes.contract';

/** Something only a person can put right, and how they tell the story that they did. */
export interface Problem {
  readonly what: string;
  readonly code: string;
  /** The update that resolves it, as an operator sends it. */
  readonly resolvedBy: string;
}

/**
 * What keeps a story from going on by itself, by subject. While there is anything, the story is found by
 * `NeedsAttention = true` and its details say what to do; a story never fails for such a reason, it waits.
 */
export class Attention {
  private readonly problems = new Map<string, Problem>();

  /**
   * @param raise calls a person
   * @param changed shows operators what there is now
   */
  constructor(
    private readonly raise: (problem: Problem) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  get all(): readonly Problem[] {
    return [...this.problems.values()];
  }

  /** What is wrong with the subject, if anything. */
  codeOf(subject: string): string | undefined {
    return this.problems.get(subject)?.code;
  }

  /** Says what is wrong with the subject, and calls a person unless this very problem is known already. */
  async needFor(subject: string, problem: Problem): Promise<void> {
    const known = this.problems.get(subject);
    if (this.problems.size === 0) this.publish(true);
    this.problems.set(subject, problem);
    this.changed();
    if (known?.code !== problem.code) await this.raise(problem);
  }

  /** Whatever was wrong with the subject is right again. */
  resolve(subject: string): void {
    if (!this.problems.delete(subject)) return;
    if (this.problems.size === 0) this.publish(false);
    this.changed();
  }

  /** A story that was taken up again finds out anew what is wrong, if anything is. */
  forgetEarlierRuns(): void {
    if (workflowInfo().typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention)) this.publish(false);
  }

  private publish(value: boolean): void {
    upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.needsAttention, value }]);
  }
}
