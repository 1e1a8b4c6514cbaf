import type { ApplicationFailure } from '@temporalio/common';

import { refusalFailure, type Refusal } from './refusal.contract';

interface Letter<Request, Answer> {
  readonly request: Request;
  /** Missing, like `refuse`, where nobody waits. */
  readonly answer?: (answer: Answer) => void;
  readonly refuse?: (failure: ApplicationFailure) => void;
}

interface Waiting {
  readonly isReady: () => boolean;
  readonly tell: () => void;
  readonly refuse: (failure: ApplicationFailure) => void;
}

/**
 * The messages that a workflow has received and not yet served. Handlers only put requests here and wait: after a reset they
 * run again before the workflow's first step, so nothing is decided before the workflow has begun. They wait for plain
 * promises. A cancellation of the workflow does not reject those, and the SDK takes one stack trace for each instead of
 * the ten that a `condition` costs.
 */
export class Mailbox<Request, Answer> {
  private readonly letters: Letter<Request, Answer>[] = [];
  private readonly waiting = new Set<Waiting>();
  private hasBegun = false;
  private refusal?: Refusal;

  get isEmpty(): boolean {
    return this.letters.length === 0;
  }

  /** Adds a request that nobody waits for. */
  note(request: Request): void {
    this.letters.push({ request });
  }

  /** Adds a request. Resolves with its answer, or rejects with its refusal. */
  ask(request: Request): Promise<Answer> {
    return new Promise((answer, refuse) => {
      if (this.refusal) refuse(refusalFailure(this.refusal));
      else this.letters.push({ request, answer, refuse });
    });
  }

  /** Resolves once the workflow has begun and the condition holds. Rejects when the workflow never begins. */
  until(isReady: () => boolean): Promise<void> {
    return new Promise((tell, refuse) => {
      if (this.refusal) refuse(refusalFailure(this.refusal));
      else if (this.hasBegun && isReady()) tell();
      else this.waiting.add({ isReady, tell, refuse });
    });
  }

  /** The workflow has begun: from now on waiting handlers are answered. */
  begin(): void {
    this.hasBegun = true;
  }

  /** Answers the handlers whose condition holds. The workflow calls it after everything it does and before an alert. */
  answerReady(): void {
    if (!this.hasBegun) return;
    for (const one of this.waiting) {
      if (!one.isReady()) continue;
      this.waiting.delete(one);
      one.tell();
    }
  }

  /** The workflow never begins: every request, present and future, is refused. */
  refuseAll(refusal: Refusal): void {
    this.refusal = refusal;
    for (const { refuse } of [...this.letters, ...this.waiting]) refuse?.(refusalFailure(refusal));
  }

  /** Serves the oldest request and answers it with what `serve` returns. */
  async serveNext(serve: (request: Request) => Promise<Answer | Refusal>): Promise<void> {
    const { request, answer, refuse } = this.letters.shift()!;
    const result = await serve(request);
    if (isRefusal(result)) refuse?.(refusalFailure(result));
    else answer?.(result);
  }
}

function isRefusal(result: unknown): result is Refusal {
  return typeof result === 'object' && result !== null && 'code' in result && 'details' in result;
}
