import { startHttpServer } from '../../platform/http-server';
import type { Logger } from '../../platform/logger';
import { createApp } from './app';
import { createFaults } from './faults';
import { createKit } from './kit';
import type { Provider } from './provider';

/** Where a sandbox listens and what it remembers. */
export interface StartOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host?: string | undefined;
  /** The folder of its store; without one it forgets everything when it stops. One process at a time may use it. */
  readonly folder?: string | undefined;
  readonly machineNow?: (() => number) | undefined;
  /** How many entries the journal keeps. */
  readonly journalLimit?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** A running sandbox of one provider. */
export interface RunningProvider {
  /** `http://127.0.0.1:PORT`: base of the provider's API, its pages and the control API alike. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the sandbox of a provider. Rejects when the port is taken. */
export async function startProvider(
  provider: Provider,
  { port, host = '127.0.0.1', folder, machineNow, journalLimit, logger }: StartOptions,
): Promise<RunningProvider> {
  let url = '';
  const stopping = new AbortController();
  const kit = createKit({
    folder,
    machineNow,
    journalLimit,
    url: () => url,
    stopping: stopping.signal,
    onFailure: (error) => logger?.error({ err: error }, 'a task of the sandbox failed'),
  });
  const parts = provider.open(kit);
  const endpoints = parts.endpoints.map(({ name }) => name);
  const faults = createFaults(kit.store, { endpoints, targets: provider.targets, kinds: parts.faults });
  const app = createApp({ provider, kit, parts, faults }, logger);
  kit.store.open();

  const server = await startHttpServer(app.callback(), { host, port }).catch((error: unknown) => {
    kit.store.close();
    throw error;
  });
  url = server.url;
  kit.agenda.start();
  parts.onStart?.();
  logger?.info({ url, provider: provider.name }, 'sandbox listens');
  return {
    url,
    async stop() {
      await server.close();
      stopping.abort();
      kit.agenda.stop();
      kit.store.close();
    },
  };
}
