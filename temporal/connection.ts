import { readFileSync } from 'node:fs';

import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { TemporalConfig } from '../platform/config/temporal';

const PING_LIMIT_MS = 1_000;
/** https://grpc.io/docs/guides/status-codes/ */
const CANCELLED = 1;

/** A client of the shop's namespace, and its connection, which the process closes when it ends. */
export interface TemporalClient {
  readonly client: Client;
  readonly connection: Connection;
  /** Rejects when the service does not answer within a second. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A client that connects when it is first used. A process therefore starts without Temporal, and only requests that need it
 * get 503.
 */
export function createTemporalClient(config: TemporalConfig): TemporalClient {
  let isClosed = false;
  const connection = Connection.lazy({
    ...connectionOptions(config),
    interceptors: [retryUntil(() => isClosed)],
  });
  return {
    client: new Client({ connection, namespace: config.temporalNamespace }),
    connection,
    // Not `ensureConnected`: it remembers its first result and always repeats it.
    async ping() {
      await connection.withDeadline(Date.now() + PING_LIMIT_MS, () =>
        connection.workflowService.getSystemInfo({}),
      );
    },
    close() {
      isClosed = true;
      return connection.close();
    },
  };
}

/**
 * The SDK's retries. One that waits in a timer while the connection closes would throw there, on the closed channel, and end the
 * process. Its call ends as cancelled instead.
 */
function retryUntil(isClosed: () => boolean): Interceptor {
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  return (options, nextCall) => retry(options, (next) => (isClosed() ? cancelledCall() : nextCall(next)));
}

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

const nothing = () => {};

function cancelledCall(): ReturnType<Parameters<Interceptor>[1]> {
  return {
    start(metadata, listener) {
      listener?.onReceiveMessage?.(null);
      listener?.onReceiveStatus?.({ code: CANCELLED, details: 'The connection is closed', metadata });
    },
    ...{ cancelWithStatus: nothing, sendMessageWithContext: nothing, sendMessage: nothing },
    ...{ startRead: nothing, halfClose: nothing, getPeer: () => '', getAuthContext: () => null },
  };
}

/** A worker's connection. Rejects when the service cannot be reached. */
export function connectWorkers(config: TemporalConfig): Promise<NativeConnection> {
  return NativeConnection.connect(connectionOptions(config));
}

function connectionOptions(
  config: TemporalConfig,
): Pick<ConnectionOptions, 'address' | 'tls'> & { apiKey: string | undefined } {
  const certificate = config.temporalTlsClientCertPath;
  const key = config.temporalTlsClientKeyPath;
  const authority = config.temporalTlsServerCaCertPath;
  const usesTls = config.temporalTls || Boolean(certificate ?? authority ?? config.temporalApiKey);
  return {
    address: config.temporalAddress,
    apiKey: config.temporalApiKey,
    tls: usesTls
      ? {
          serverNameOverride: config.temporalTlsServerName,
          serverRootCACertificate: authority === undefined ? undefined : readFileSync(authority),
          clientCertPair:
            certificate === undefined || key === undefined
              ? undefined
              : { crt: readFileSync(certificate), key: readFileSync(key) },
        }
      : undefined,
  };
}
