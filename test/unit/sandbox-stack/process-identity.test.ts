import { expect, test } from 'vitest';

import { commandOf } from '../../../sandbox/stack/process-identity';

test('the command line of a process is known without any program, and is empty for one that has ended', () => {
  const path = process.env['PATH'];
  process.env['PATH'] = process.platform === 'linux' ? '' : path;
  try {
    expect(commandOf(process.pid)).toContain('node');
    expect(commandOf(2 ** 22 + 1)).toBe('');
  } finally {
    process.env['PATH'] = path;
  }
});
