import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { eventually } from '../../support/eventually';
import type { LoadClient, LoadReport, LoadRequest } from './load';

/** Clients in processes of their own, all of one server. */
export interface Crowd {
  /** How many clients it has. */
  size(): number;
  /** Returns how many connected a second. */
  connect(url: string, clients: readonly LoadClient[]): Promise<number>;
  /** Sends what each client that is new subscribes to. Returns how many subscriptions were answered a second. */
  subscribe(): Promise<number>;
  /** Counts from now. With `keepTimes` it remembers when each event came. */
  reset(keepTimes?: boolean): Promise<void>;
  /** Waits until so many events came, all clients together. */
  hasGot(count: number): Promise<LoadReport>;
  report(): Promise<LoadReport>;
  stop(): void;
}

const PROCESSES = 2;

export function openCrowd(): Crowd {
  const children = Array.from({ length: PROCESSES }, () => fork(join(__dirname, 'load.js')));
  let clientCount = 0;
  let subscriptions = 0;

  const askAll = (request: LoadRequest) => Promise.all(children.map((child) => ask(child, request)));

  async function report(): Promise<LoadReport> {
    const reports = (await askAll({ kind: 'report' })) as LoadReport[];
    return {
      count: sum(reports.map(({ count }) => count)),
      lastAt: Math.max(...reports.map(({ lastAt }) => lastAt)),
      problems: sum(reports.map(({ problems }) => problems)),
      closed: sum(reports.map(({ closed }) => closed)),
      times: reports.flatMap(({ times }) => times),
    };
  }

  return {
    size: () => clientCount,
    async connect(url, clients) {
      clientCount = clients.length;
      subscriptions = sum(clients.map((client) => client.subscriptions.length));
      const startedAt = performance.now();
      await Promise.all(
        children.map((child, place) =>
          ask(child, {
            ...{ kind: 'connect', url },
            clients: clients.filter((_, index) => index % PROCESSES === place),
          }),
        ),
      );
      return clients.length / seconds(startedAt);
    },
    async subscribe() {
      const startedAt = performance.now();
      await askAll({ kind: 'subscribe' });
      return subscriptions / seconds(startedAt);
    },
    async reset(keepTimes = false) {
      await askAll({ kind: 'reset', keepTimes });
    },
    hasGot: (count) => eventually(report, (found) => found.count >= count || found.closed > 0),
    report,
    stop: () => children.forEach((child) => child.disconnect()),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const seconds = (startedAt: number) => (performance.now() - startedAt) / 1_000;

async function ask(child: ChildProcess, request: LoadRequest): Promise<unknown> {
  child.send(request);
  const [{ result, error }] = (await once(child, 'message')) as [{ result?: object; error?: string }];
  if (error !== undefined) throw new Error(error);
  return result;
}
