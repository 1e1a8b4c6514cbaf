import { afterAll, beforeAll, expect, test } from 'vitest';

import { newCartToken } from '../../support/factories/carts';
import { openApiUnderTest, type ApiUnderTest } from './open-api-under-test';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await openApiUnderTest();
});
afterAll(() => api.close());

test.each(['1e308', '9223372036854775808', '9007199254740992', '-1', '0.5'])(
  'an expected total of %s is not an amount of money',
  async (amount) => {
    const answer = await fetch(`${api.url}/api/v1/checkout`, {
      method: 'POST',
      body: `{"expectedTotal":{"amount":${amount},"currency":"IRR"}}`,
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': 'request',
        'X-Cart-Token': newCartToken(),
      },
    });

    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ in: 'body', field: 'expectedTotal.amount' }] });
  },
);
