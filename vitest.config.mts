import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], more = {}) => ({
  test: {
    name,
    include,
    pool: 'forks' as const,
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...more,
  },
});

/** `npm run replay:record` writes files that are committed: it runs when it is asked for by name, never with the tests. */
const isRecording = process.argv.some((argument) => /^(--project=)?record$/.test(argument));

export default defineConfig({
  test: {
    globalSetup: ['./test/support/stack.ts'],
    maxWorkers: 2,
    reporters: ['default', './test/support/closing-line.ts'],
    projects: [
      project('fast', ['test/{unit,architecture,replay}/**/*.test.ts']),
      project('stack', ['test/{data,api,workflows,contracts,journeys}/**/*.test.ts']),
      project('alone', ['test/alone/**/*.test.ts'], {
        fileParallelism: false,
        testTimeout: 120_000,
        sequence: { groupOrder: 1 },
      }),
      ...(isRecording ? [project('record', ['test/replay/record-histories.ts'])] : []),
    ],
  },
});
