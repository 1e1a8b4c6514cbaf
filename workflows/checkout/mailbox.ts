import type { ApplicationFailure } from '@temporalio/workflow';

import { refusalFailure, type Refusal } from '../shared/refusal';
import type { CheckoutAnswer, Decision } from './checkout.contract';

/** What a message asks of the workflow. */
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
  /** Both are missing where nobody waits. */
  readonly answer?: (answer: CheckoutAnswer) => void;
  readonly refuse?: (failure: ApplicationFailure) => void;
}

interface Waiting {
  readonly isTime: () => boolean;
  readonly tell: () => void;
  readonly refuse: (failure: ApplicationFailure) => void;
}

/**
 * What came in and was not dealt with yet. Handlers only put things here and wait: after a reset they run again before
 * the workflow's first step, so nothing is judged before the workflow has begun. They wait for plain promises, which no
 * cancellation of the workflow rejects and of which the SDK keeps one stack trace, not ten.
 */
export class Mailbox {
  private readonly asked: Asked[] = [];
  private readonly waiting = new Set<Waiting>();
  private hasBegun = false;
  private refusal?: Refusal;

  get isEmpty(): boolean {
    return this.asked.length === 0;
  }

  /** Something to be done that nobody waits for. */
  note(request: Request): void {
    this.asked.push({ request });
  }

  /** Something to be done; ends with the workflow's answer, or throws its refusal. */
  ask(request: Request): Promise<CheckoutAnswer> {
    return new Promise((answer, refuse) => {
      if (this.refusal) refuse(refusalFailure(this.refusal));
      else this.asked.push({ request, answer, refuse });
    });
  }

  /** Ends when the workflow has begun and it is time, or throws why it never began. */
  until(isTime: () => boolean): Promise<void> {
    return new Promise((tell, refuse) => {
      if (this.refusal) refuse(refusalFailure(this.refusal));
      else if (this.hasBegun && isTime()) tell();
      else this.waiting.add({ isTime, tell, refuse });
    });
  }

  /** The workflow has begun: there is an order to speak of. */
  begin(): void {
    this.hasBegun = true;
  }

  /** Tells those whose time it is. The workflow does this whenever it has done something, and before it calls a person. */
  answerReady(): void {
    if (!this.hasBegun) return;
    for (const one of this.waiting) {
      if (!one.isTime()) continue;
      this.waiting.delete(one);
      one.tell();
    }
  }

  /** The workflow never began: everything that was asked or will be asked ends in the refusal. */
  refuseAll(refusal: Refusal): void {
    this.refusal = refusal;
    for (const { refuse } of [...this.asked, ...this.waiting]) refuse?.(refusalFailure(refusal));
  }

  /** Takes the oldest request; it counts as answered by whatever the work returns. */
  async serveNext(work: (request: Request) => Promise<CheckoutAnswer | Refusal>): Promise<void> {
    const { request, answer, refuse } = this.asked.shift()!;
    const settled = await work(request);
    if ('code' in settled) refuse?.(refusalFailure(settled));
    else answer?.(settled);
  }
}
