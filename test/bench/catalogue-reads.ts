import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

import Koa from 'koa';

import { startHttpServer, type RunningServer } from '../../platform/http-server';
import { closedLoop, Stopwatch } from './closed-loop';
import type { Round } from './report';

/** A Koa app that sends the same bytes with the same headers and does nothing else. */
export async function startBareKoa(body: string): Promise<RunningServer> {
  const app = new Koa();
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  app.use((ctx) => {
    ctx.type = 'application/json';
    ctx.etag = etag;
    ctx.body = body;
  });
  return startHttpServer(app.callback(), { host: '127.0.0.1', port: 0 });
}

/** Reads one address over kept-alive connections. */
export async function readMany(url: string, clients: number, count: number): Promise<Round> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const stopwatch = new Stopwatch();
  const loop = await closedLoop(clients, count, () => stopwatch.time(() => readOnce(url, agent)));
  agent.destroy();
  return { ...loop, place: stopwatch.times, settle: [] };
}

function readOnce(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url}: ${response.statusCode}`)),
      );
    })
      .on('error', reject)
      .end();
  });
}
