import { defineConfig } from 'vitest/config';

/** How long `expect.poll` waits, as test/support/patience.ts has it for everything else. */
const PATIENCE_MS = 120_000;
/** A test waits for a condition. Only one that hangs meets this limit, however busy the machine is. */
const LIMIT_MS = 240_000;
/** Four drills at once, each a shop of several processes, take four times as long on two cores as one alone. */
const DRILL_LIMIT_MS = 480_000;

const project = (name: string, include: string[], limitMs = LIMIT_MS) => ({
  test: {
    name,
    include,
    pool: 'forks' as const,
    isolate: false,
    // Decorators of class-transformer need it, whichever file a test imports first. In the API, app.ts loads it.
    setupFiles: ['reflect-metadata'],
    testTimeout: limitMs,
    hookTimeout: limitMs,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});

/** `npm run replay:record` writes files that are committed: it runs when it is asked for by name, never with the tests. */
const isRecording = process.argv.some((argument) => /^(--project=)?record$/.test(argument));

/** docs/testing.md says what belongs in which. `npm test` runs all but the drills. */
export default defineConfig({
  test: {
    globalSetup: ['./test/support/stack.ts'],
    maxWorkers: 4,
    reporters: ['default', './test/runner/summary.ts'],
    projects: [
      project('fast', ['test/{unit,architecture,replay}/**/*.test.ts']),
      project('stack', ['test/{data,api,workflows,contracts,journeys,realtime}/**/*.test.ts']),
      project('sample', ['test/drills/**/*.test.ts']),
      project('drills', ['test/**/*.drill.ts'], DRILL_LIMIT_MS),
      ...(isRecording ? [project('record', ['test/replay/record/*.ts'])] : []),
    ],
  },
});
