import { expect, test } from 'vitest';

import { openApiForTest } from './open-api-under-test';

const browser = { headers: { Accept: 'text/html' } };

test('a browser that comes back too often gets a page that comes back by itself, and a program gets a problem', async () => {
  const { url } = await openApiForTest({ limits: { paymentCallbacksPerMinute: 1 } });
  const callback = `${url}/api/v1/payments/zarinpal/callback?Authority=x`;
  await fetch(callback, browser);

  const page = await fetch(callback, browser);
  const problem = await fetch(callback);

  expect([page.status, page.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
  const html = await page.text();
  expect(html).toContain('Please wait a moment');
  expect(html).toContain(`content="${page.headers.get('retry-after')}"`);
  expect([problem.status, problem.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
});

test('a browser gets a page with a way back to the storefront when the shop fails', async () => {
  const { url } = await openApiForTest({ api: { storefrontResultUrl: 'https://shop.example/paid?lang=fa' } });

  const answer = await fetch(`${url}/api/v1/payments/results/x`, browser);

  const html = await answer.text();
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store']);
  expect(html).toContain('This link is no longer valid');
  expect(html).toContain('<a href="https://shop.example/">');
});
