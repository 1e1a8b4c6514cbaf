import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { Client } from 'pg';
import { expect, test } from 'vitest';

import { devShop } from './dev-shop';

const shop = devShop({ API_HOST: '0.0.0.0' });

test('one command gives a running shop with a catalogue, and says where everything is', async () => {
  const { apiUrl, zarinpalUrl, temporalUiUrl, pid } = shop.addresses();
  expect(pid).toBe(shop.launcher.pid);
  for (const address of [apiUrl, zarinpalUrl, `${temporalUiUrl}/namespaces/asoud/workflows`]) {
    expect(shop.launcher.output()).toContain(address);
  }
  expect(await shop.products()).toEqual({ status: 200, count: 3 });
  for (const url of [`${apiUrl}/docs`, zarinpalUrl, temporalUiUrl!]) {
    expect((await fetch(url)).status, url).toBe(200);
  }
  const printed = shop.launcher.output().match(/https?:\/\/[^\s']+/g) ?? [];
  expect(printed.length).toBeGreaterThan(4);
  for (const url of printed) expect((await fetch(url)).status, url).toBe(200);
});

test('its processes connect as a role without rights on the schema', async () => {
  const owner = new Client({ connectionString: shop.addresses().databaseOwnerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query(
      `SELECT DISTINCT application_name AS process, usename AS role, rolsuper AS "isSuperuser"
       FROM pg_stat_activity JOIN pg_roles ON rolname = usename
       WHERE application_name IN ('asoud-api', 'asoud-worker') ORDER BY process`,
    );
    expect(rows).toEqual([
      { process: 'asoud-api', role: 'asoud_shop', isSuperuser: false },
      { process: 'asoud-worker', role: 'asoud_shop', isSuperuser: false },
    ]);
  } finally {
    await owner.end();
  }
});

test.runIf(process.platform === 'linux')('an API that is published publishes no metrics', async () => {
  const [api, metrics] = ['api', 'apiMetrics'].map((name) => shop.portOf(name));
  // Every address of 127.0.0.0/8 is this machine, and only 127.0.0.1 is where the metrics are.
  expect((await fetch(`http://127.0.0.2:${api}/health/live`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${metrics}/metrics`)).status).toBe(200);
  await expect(fetch(`http://127.0.0.2:${metrics}/metrics`)).rejects.toThrow('fetch failed');
});

test('every command finds it by itself', () => {
  for (const [command, says] of [
    ['invariants', /(\d+) of \1 invariants hold/],
    ['seed', /seeded: /],
    ['set-up', /the database is up to date/],
  ] as const) {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [path.join(__dirname, `../../dist/commands/${command}.js`), '--state', shop.state],
      { encoding: 'utf8' },
    );
    expect([command, status], stderr).toEqual([command, 0]);
    expect(stdout).toMatch(says);
    expect(stderr).toContain(shop.addresses().apiUrl);
  }
});
