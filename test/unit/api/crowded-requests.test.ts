import { Type } from 'class-transformer';
import { IsInt, IsOptional, ValidateNested } from 'class-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { validate, validateQuery } from '../../../api/middleware/validate';
import { publicRouter } from '../../../api/router-kinds';
import { ANY_ROUTE, openApiUnderTest, type ApiUnderTest } from './open-api-under-test';

class Inner {
  @IsOptional()
  @IsInt()
  count?: number;
}

class Outer extends Inner {
  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

let api: ApiUnderTest;
beforeAll(async () => {
  const router = publicRouter('');
  router.post('/crowds', [ANY_ROUTE, validate(Outer)], () => ({ status: 200, body: {} }));
  router.get('/crowds', [ANY_ROUTE, validateQuery(Inner)], () => ({ status: 200, body: {} }));
  api = await openApiUnderTest({ routes: router.routes });
});
afterAll(() => api.close());

interface Refusal {
  readonly status: number;
  readonly length: number;
  readonly errors: { field: string; rule: string; detail: string }[];
}

async function refusalOf(answer: Response): Promise<Refusal> {
  const text = await answer.text();
  return { status: answer.status, length: text.length, errors: JSON.parse(text).errors };
}

const post = async (body: unknown) =>
  refusalOf(
    await fetch(`${api.url}/crowds`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    }),
  );

const crowd = (size: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${index}`, value]));

test.each([
  ['a body', crowd(5_000), ''],
  ['an object within it', { inner: crowd(5_000) }, 'inner'],
  ['a list', { inner: Array.from({ length: 5_000 }, () => ({})) }, 'inner'],
])('%s of thousands is refused as a whole', async (_what, body, field) => {
  expect(await post(body)).toMatchObject({ status: 422, errors: [{ field, rule: 'entries' }] });
});

test('a query of hundreds is refused as a whole', async () => {
  const query = new URLSearchParams(crowd(500) as Record<string, string>);

  const refusal = await refusalOf(await fetch(`${api.url}/crowds?${query.toString()}`));

  expect(refusal).toMatchObject({ status: 422, errors: [{ field: '', rule: 'entries' }] });
});

test('of many mistakes the first twenty are named', async () => {
  const { status, errors } = await post(crowd(60));

  expect([status, errors.length]).toEqual([422, 20]);
  expect(errors[0]).toMatchObject({ field: 'k0', rule: 'unknown' });
});

test('a long name is cut', async () => {
  const { status, length } = await post({ ['k'.repeat(50_000)]: 1 });

  expect(status).toBe(422);
  expect(length).toBeLessThan(1_000);
});
