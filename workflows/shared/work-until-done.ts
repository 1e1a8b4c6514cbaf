import { allHandlersFinished, condition, workflowInfo } from '@temporalio/workflow';

import type { Mailbox } from './mailbox';
import type { Refusal } from './refusal.contract';

/** Something to do at an instant, in milliseconds since the epoch. `Infinity` waits for a message. */
export interface DueTask {
  readonly at: number;
  /** In words, for the summary of the timer: "until it is time to …". */
  readonly kind: string;
}

/** How many messages are served at most while a task is due, so that whoever sends messages cannot hold it up. */
const MESSAGES_BEFORE_DUE = 10;

/** A workflow that does what is due and what it is asked. */
export interface Work<Request, Answer, Task extends DueTask> {
  readonly mailbox: Mailbox<Request, Answer>;
  /** What comes next by the current state; undefined when nothing is left to do. Asked again after everything that happens. */
  nextTask(): Task | undefined;
  /** Changes when a message has brought the next task forward. */
  requestCount(): number;
  serve(request: Request): Promise<Answer | Refusal>;
  perform(task: Task): Promise<void>;
  /** Continues in a new run, from the rows. */
  continueAsNew(): Promise<never>;
}

/**
 * Serves messages and performs due tasks, one at a time, until nothing is left to do and every caller has its answer.
 * Messages come first, because somebody waits for them, but a due task waits for a few of them only. A workflow whose history
 * has grown long continues as new between two tasks.
 */
export async function workUntilDone<Request, Answer, Task extends DueTask>(
  work: Work<Request, Answer, Task>,
): Promise<void> {
  const { mailbox } = work;
  mailbox.begin();
  /** How many messages were served since the next task became due. */
  let overtaken = 0;
  for (;;) {
    mailbox.answerReady();
    const task = work.nextTask();
    const isDue = task !== undefined && task.at <= Date.now();
    if (!isDue) overtaken = 0;
    if (!mailbox.isEmpty && overtaken < MESSAGES_BEFORE_DUE) {
      overtaken += 1;
      await mailbox.serveNext((request) => work.serve(request));
    } else if (isDue && !mailbox.isEmpty) {
      overtaken = 0;
      await work.perform(task);
    } else if (!task && allHandlersFinished()) return;
    else if (mustContinueAsNew() && allHandlersFinished()) await work.continueAsNew();
    else if (!task) await condition(() => !mailbox.isEmpty || allHandlersFinished());
    else if (isDue) await work.perform(task);
    else await untilDue(work, task);
  }
}

/** Whether the next run is due. Handlers answer early then: a caller who waits for something long would hold it up. */
export function mustContinueAsNew(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

function untilDue<Request, Answer, Task extends DueTask>(
  { mailbox, requestCount }: Work<Request, Answer, Task>,
  task: Task,
): Promise<unknown> {
  const before = requestCount();
  const hasMessage = () => !mailbox.isEmpty || requestCount() !== before;
  if (task.at === Infinity) return condition(hasMessage);
  return condition(hasMessage, task.at - Date.now(), { summary: `until it is time to ${task.kind}` });
}
