import { Client, type ClientConfig } from 'pg';

/** What the pool passes to each of its clients. */
export interface AnsweringClientConfig extends ClientConfig {
  /** How long a statement may stay without an answer, in milliseconds. */
  readonly answerTimeoutMs: number;
}

/**
 * A connection that ends when a statement gets no answer. Postgres cancels slow statements itself, but a Postgres that
 * hangs, or a network that swallows everything, says nothing at all. The statement then fails, and the pool replaces the connection.
 *
 * Not `query_timeout` of `pg`: it fails the statement and leaves it on a connection that goes back to the pool.
 */
export class AnsweringClient extends Client {
  answerTimeoutMs: number;

  constructor(config: AnsweringClientConfig) {
    super(config);
    this.answerTimeoutMs = config.answerTimeoutMs;
  }

  /** The types say that every overload is answered alike. */
  override query(...statement: never[]): never {
    const answer = (super.query as (...statement: never[]) => unknown).apply(this, statement);
    if (answer instanceof Promise) this.endWithout(answer);
    return answer as never;
  }

  private endWithout(answer: Promise<unknown>): void {
    // Ending a client with a running statement destroys its socket at once.
    const timer = setTimeout(() => void this.end().catch(() => {}), this.answerTimeoutMs);
    const stop = () => clearTimeout(timer);
    answer.then(stop, stop);
  }
}
