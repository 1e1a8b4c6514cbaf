import { condition } from '@temporalio/workflow';

import { refusalFailure, type Refusal } from '../shared/refusal';
import type { CheckoutAnswer, Decision } from './checkout.contract';

/** What a message asks of the story. */
export type Request =
  | { readonly kind: 'open'; readonly cause: string; readonly gateway: string }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry'; readonly cause: string }
  | {
      readonly kind: 'decide';
      readonly attemptId: string;
      readonly decision: Decision;
      readonly note: string;
    }
  | { readonly kind: 'refresh' };

interface Asked {
  readonly request: Request;
  settled?: CheckoutAnswer | Refusal;
}

/**
 * What came in and was not dealt with yet. Handlers only put things here and wait: after a reset they run again before
 * the story's first step, so they must not judge by any state.
 */
export class Inbox {
  private readonly waiting: Asked[] = [];
  private refusal?: Refusal;

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Something to be done that nobody waits for. */
  note(request: Request): void {
    this.waiting.push({ request });
  }

  /** Something to be done; ends with the story's answer, or throws its refusal. */
  async ask(request: Request): Promise<CheckoutAnswer> {
    const asked: Asked = { request, settled: this.refusal };
    this.waiting.push(asked);
    await condition(() => asked.settled !== undefined);
    if ('code' in asked.settled!) throw refusalFailure(asked.settled);
    return asked.settled!;
  }

  /** The story never began: everything that was asked or will be asked ends in the refusal. */
  refuseAll(refusal: Refusal): void {
    this.refusal = refusal;
    for (const asked of this.waiting) asked.settled = refusal;
  }

  /** Takes the oldest request; it counts as answered by whatever the work returns. */
  async serveNext(work: (request: Request) => Promise<CheckoutAnswer | Refusal>): Promise<void> {
    const asked = this.waiting.shift();
    if (asked) asked.settled = await work(asked.request);
  }
}
