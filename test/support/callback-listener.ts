import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const TOGETHER_LIMIT_MS = 10_000;

/** A shop's callback address that only records its visits. */
export interface CallbackListener {
  readonly url: string;
  /** Path and query of every visit, in the order of arrival. */
  readonly visits: readonly string[];
  /** The largest number of visits at the same time. */
  readonly mostAtOnce: number;
  /** Answers the next visits only when so many are there at the same time, or after ten seconds. */
  answerTogether(count: number): void;
  clear(): void;
  close(): Promise<void>;
}

/** Listens on a free port and answers 200 after `answerAfterMs`. */
export async function listenForCallbacks(answerAfterMs = 0): Promise<CallbackListener> {
  let visits: string[] = [];
  let present = 0;
  let mostAtOnce = 0;
  let together = 1;
  let answers: (() => void)[] = [];
  let limit: NodeJS.Timeout | undefined;
  const answerAll = () => {
    clearTimeout(limit);
    limit = undefined;
    for (const answer of answers) answer();
    answers = [];
    together = 1;
  };
  const server = createServer((request, response) => {
    visits.push(request.url ?? '');
    present += 1;
    mostAtOnce = Math.max(mostAtOnce, present);
    answers.push(() => {
      setTimeout(() => {
        present -= 1;
        response.end('thank you');
      }, answerAfterMs);
    });
    if (present >= together) answerAll();
    else limit ??= setTimeout(answerAll, TOGETHER_LIMIT_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback?shop=1`,
    get visits() {
      return visits;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    answerTogether(count) {
      together = count;
    },
    clear() {
      visits = [];
      mostAtOnce = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
