import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * A random free port that nobody listens on yet; two calls may give the same one. It is below the range from which systems take ports for outgoing connections and for servers that ask
 * for any port (from 32768 on Linux, 49152 elsewhere), so that the system gives it to nobody before its server listens.
 */
export async function anyFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
}

/** Whether nobody listens on this port, neither on the loopback address nor on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '0.0.0.0', '::']) {
    if (!(await canListen(port, host))) return false;
  }
  return true;
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Chooses ports by name. */
export interface Ports {
  /** @param preferred the port to take if it is free; 0 for any port */
  choose(name: string, preferred: number): Promise<number>;
}

/** Random free ports, for a stack that runs beside others. A port stays free until its server listens, so none is given twice. */
export function throwAwayPorts(): Ports {
  const given = new Set<number>();
  return {
    async choose() {
      for (;;) {
        const port = await anyFreePort();
        if (given.has(port)) continue;
        given.add(port);
        return port;
      }
    },
  };
}

interface Choice {
  readonly preferred: number;
  readonly port: number;
}

/**
 * The port of last time if the preferred one is still the same, else the preferred one, else the next free one after it.
 * Choices are kept in the file, so that addresses stay the same after a restart.
 */
export function rememberedPorts(file: string): Ports {
  const choices: Record<string, Choice> = readChoices(file);
  const owners = new Map<number, string>();
  let turn: Promise<unknown> = Promise.resolve();

  async function isGood(name: string, port: number): Promise<boolean> {
    return (owners.get(port) ?? name) === name && (await isFree(port));
  }

  async function nextFree(name: string, preferred: number): Promise<number> {
    let port = preferred === 0 ? await anyFreePort() : preferred;
    while (!(await isGood(name, port))) port = preferred === 0 ? await anyFreePort() : port + 1;
    return port;
  }

  async function choose(name: string, preferred: number): Promise<number> {
    const last = choices[name];
    const again = last?.preferred === preferred && (await isGood(name, last.port));
    const port = again ? last.port : await nextFree(name, preferred);
    owners.set(port, name);
    choices[name] = { preferred, port };
    writeFileSync(file, `${JSON.stringify(choices, null, 2)}\n`);
    return port;
  }

  return {
    // One at a time, or two calls at once could get the same port.
    choose(name, preferred) {
      const choice = turn.then(() => choose(name, preferred));
      turn = choice.catch(() => undefined);
      return choice;
    },
  };
}

function readChoices(file: string): Record<string, Choice> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Choice>;
  } catch {
    return {};
  }
}
