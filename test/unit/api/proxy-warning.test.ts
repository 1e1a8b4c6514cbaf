import { expect, test } from 'vitest';

import { openApiForTest } from './open-api-under-test';

const FORWARDED = { headers: { 'X-Forwarded-For': '203.0.113.9' } };

test('the log says once that a proxy seems to stand before an API that trusts none', async () => {
  const api = await openApiForTest();
  const warnings = () => api.lines().filter(({ msg }) => String(msg).includes('TRUSTED_PROXIES'));

  await fetch(`${api.url}/health/live`);
  expect(warnings()).toEqual([]);

  await fetch(`${api.url}/health/live`, FORWARDED);
  await fetch(`${api.url}/health/live`, FORWARDED);
  expect(warnings()).toEqual([expect.objectContaining({ level: 'warn' })]);
  expect(JSON.stringify(warnings())).not.toContain('203.0.113.9');
});

test('an API that trusts its proxies says nothing', async () => {
  const api = await openApiForTest({ edge: { trustedProxies: 1 } });

  await fetch(`${api.url}/health/live`, FORWARDED);
  expect(JSON.stringify(api.lines())).not.toContain('TRUSTED_PROXIES');
});
