import { afterEach, expect, test, vi } from 'vitest';

import { commandOf } from '../../../sandbox/stack/process-identity';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.runIf(process.platform === 'linux')(
  'the command line of a process is known without any program, and is empty for one that has ended',
  () => {
    vi.stubEnv('PATH', '');
    expect(commandOf(process.pid)).toContain('node');
    expect(commandOf(2 ** 22 + 1)).toBe('');
  },
);
