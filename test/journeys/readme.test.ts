import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { journeyShop } from '../support/journey';

const README = readFileSync(path.join(__dirname, '../../README.md'), 'utf8');
const journey = journeyShop();

test.skipIf(!hasProgram('bash') || !hasProgram('curl'))(
  'the first purchase of the README can be pasted into a shell and paid in a browser',
  async () => {
    const { shop } = journey;
    const example = exampleOf(README)
      .replace(/^api=.*$/m, `api=${shop.url}/api/v1`)
      .replace('# The order and its timeline.', 'read -r # until it was paid');

    const shell = spawn('bash', ['-euo', 'pipefail', '-c', example], { stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const authority = /\/pg\/StartPay\/(\w+)\n$/.exec(printed)?.[1];
      if (authority) void shop.zarinpal.pay(authority, { follow: true }).then(() => shell.stdin.end('\n'));
    });
    const [exitCode] = (await once(shell, 'close')) as [number];

    expect(exitCode, printed).toBe(0);
    expect(printed).toContain('"status":"placed"');
    expect(printed).toContain('order.paid');
  },
);

function exampleOf(text: string): string {
  const block = text.split('```sh\n').find((it) => it.startsWith('api='));
  return block!.split('```')[0]!;
}

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
}
