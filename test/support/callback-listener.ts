import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A shop's callback address that only records its visits. */
export interface CallbackListener {
  readonly url: string;
  /** Path and query of every visit, in the order of arrival. */
  readonly visits: readonly string[];
  /** The largest number of visits at the same time. */
  readonly mostAtOnce: number;
  clear(): void;
  close(): Promise<void>;
}

/** Listens on a free port and answers 200 after `answerAfterMs`. */
export async function listenForCallbacks(answerAfterMs = 0): Promise<CallbackListener> {
  let visits: string[] = [];
  let present = 0;
  let mostAtOnce = 0;
  const server = createServer((request, response) => {
    visits.push(request.url ?? '');
    present += 1;
    mostAtOnce = Math.max(mostAtOnce, present);
    setTimeout(() => {
      present -= 1;
      response.end('thank you');
    }, answerAfterMs);
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
