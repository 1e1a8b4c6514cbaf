import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

import { Client } from 'pg';

import type { SandboxUrls } from './running-file';

const PROBE_LIMIT_MS = 3_000;

/** Whether Postgres answers a query at this address. */
export async function postgresAnswers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PROBE_LIMIT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether Redis answers a ping. Asking for a password counts as an answer. */
export function redisAnswers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379) });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_LIMIT_MS, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => finish(/^(\+PONG|-NOAUTH)/.test(data.toString('latin1'))));
  });
}

/** Whether something listens at `host:port`. For a Temporal service that may require TLS and a key. */
export function temporalListens(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_LIMIT_MS, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => finish(true));
  });
}

/** Whether an address answers a GET with 2xx. */
export async function httpAnswers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';

/**
 * Whether Temporal's frontend is serving, by the standard gRPC health check. The request is written in bytes, because this
 * room must not import Temporal's client. https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function temporalServes(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${address}`);
    const finish = (answer: boolean) => {
      session.destroy();
      resolve(answer);
    };
    session.setTimeout(PROBE_LIMIT_MS, () => finish(false));
    session.once('error', () => finish(false));
    const request = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('error', () => finish(false));
    // A frame is a flag, four bytes of length and the message. Field 1 with value 1 means SERVING.
    request.once('end', () =>
      finish(
        Buffer.concat(chunks)
          .subarray(5)
          .equals(Buffer.from([0x08, 0x01])),
      ),
    );
    const service = Buffer.from(FRONTEND);
    const message = Buffer.concat([Buffer.from([0x0a, service.length]), service]);
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(message.length, 1);
    request.end(Buffer.concat([frame, message]));
  });
}

/** A sandbox in which an earlier run has armed something, a line each. */
export interface ArmedSandbox {
  readonly name: string;
  readonly url: string;
  readonly lines: readonly string[];
}

/** The sandboxes in which something is armed. One that does not say is left out. */
export async function armedInSandboxes(urls: SandboxUrls): Promise<readonly ArmedSandbox[]> {
  const sandboxes = [
    { name: 'Zarinpal', url: urls.zarinpalUrl },
    { name: 'SMS.ir', url: urls.smsIrUrl },
    { name: 'Kavenegar', url: urls.kavenegarUrl },
    { name: 'Twilio', url: urls.twilioUrl },
    { name: 'S3', url: urls.s3Url },
    { name: 'the supplier', url: urls.supplierUrl },
  ];
  const armed = await Promise.all(
    sandboxes.map(async (sandbox) => ({ ...sandbox, lines: await armedAt(sandbox.url) })),
  );
  return armed.filter(({ lines }) => lines.length > 0);
}

async function armedAt(url: string): Promise<readonly string[]> {
  try {
    const response = await fetch(`${url}/_sandbox`, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    const { armed = [] } = (await response.json()) as { armed?: readonly string[] };
    return armed;
  } catch {
    return [];
  }
}
