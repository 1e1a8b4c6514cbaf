import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { TestProject } from 'vitest/node';

import { loadConfig } from '../../platform/config/load-config';
import { StackConfig } from '../../sandbox/stack/stack-config';
import { startStack } from '../../sandbox/stack/start-stack';
import { prepareTemplates, type Templates } from './templates';

/** Where the servers of this test run are. */
export interface StackConnection {
  /** The Postgres server, as an owner who may create databases. {@link createTestDatabase} gives each file its own. */
  readonly postgresUrl: string;
  readonly redisUrl: string;
  readonly temporalAddress: string;
  readonly templates: Templates;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackConnection;
  }
}

const PROJECT_ROOT = join(__dirname, '../..');

/**
 * Starts one Postgres, one Redis and one Temporal for the whole run, on free ports and with data that is thrown away. The fast
 * project needs none of them. Vitest runs no teardown when it is interrupted or killed; the stack's watchdog ends the servers
 * then.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (project.vitest.projects.every((it) => it.name === 'fast')) return undefined;
  compileWatchdog();
  const { stack: config } = loadConfig({ stack: StackConfig });
  const stack = await startStack({ directory: join(PROJECT_ROOT, '.asoud'), ephemeral: true, config });
  try {
    const templates = await prepareTemplates(stack.databaseOwnerUrl, config.databaseUrl !== undefined);
    project.provide('stack', {
      postgresUrl: stack.databaseOwnerUrl,
      redisUrl: stack.redisUrl,
      temporalAddress: stack.temporalAddress,
      templates: templates.names,
    });
    return async () => {
      await templates.drop();
      await stack.stop();
    };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** The watchdog is a process of its own, so it must be compiled. `npm test` compiles first; a bare `npx vitest` does not. */
function compileWatchdog(): void {
  const source = join(PROJECT_ROOT, 'sandbox/stack/watchdog.ts');
  const compiled = join(PROJECT_ROOT, 'dist/sandbox/stack/watchdog.js');
  if (existsSync(compiled) && statSync(compiled).mtimeMs > statSync(source).mtimeMs) return;
  spawnSync(process.execPath, [join(PROJECT_ROOT, 'node_modules/typescript/bin/tsc')], { cwd: PROJECT_ROOT });
  if (!existsSync(compiled))
    throw new Error('The watchdog of the embedded stack does not compile: run npx tsc.');
}
