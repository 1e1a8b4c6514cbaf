import { IsString } from 'class-validator';
import { expect, test } from 'vitest';

import { describeRoute } from '../../../api/describe-route';
import { guard } from '../../../api/middleware/guard';
import { describeApi } from '../../../api/openapi/document';
import type { SecurityScheme } from '../../../api/openapi/documentation';
import { createRouter } from '../../../api/router';
import { assertThat } from '../../../entities/errors';
import { openApiForTest } from './open-api-under-test';

const BEARER: SecurityScheme = {
  id: 'bearer',
  scheme: { type: 'http', scheme: 'bearer', description: 'An access token.' },
};
const COOKIE: SecurityScheme = {
  id: 'cookie',
  scheme: { type: 'apiKey', in: 'cookie', name: 'session', description: 'A session.' },
};

class MeView {
  @IsString()
  customerId!: string;
}

const ME = describeRoute({ operation: 'readMe', tag: 'me', summary: 'Who I am', answers: { 200: MeView } });

/** All that a kind needs: its name and its guards. */
function customerRouter() {
  const signedIn = guard({ security: [[BEARER], [COOKIE]], errors: ['access.token_missing'] }, (ctx) => {
    const [, bearer] = /^Bearer (.+)$/.exec(ctx.get('Authorization')) ?? [];
    const customerId = bearer ?? ctx.cookies.get('session');
    assertThat(customerId, 'access.token_missing');
    return { customerId };
  });
  return createRouter({ name: 'customer', guards: [signedIn] }, '');
}

function routesOfCustomers() {
  const router = customerRouter();
  router.get('/me', [ME], (ctx) => ({ status: 200, body: { customerId: ctx.state.customerId } }));
  return router.routes;
}

test('the guards of a kind let callers in and fill the state of every route', async () => {
  const { url } = await openApiForTest({ routes: routesOfCustomers() });

  const byToken = await fetch(`${url}/me`, { headers: { Authorization: 'Bearer sara' } });
  const byCookie = await fetch(`${url}/me`, { headers: { Cookie: 'session=reza' } });
  const stranger = await fetch(`${url}/me`);

  expect(await byToken.json()).toEqual({ customerId: 'sara' });
  expect(await byCookie.json()).toEqual({ customerId: 'reza' });
  expect([stranger.status, await stranger.json()]).toMatchObject([401, { code: 'access.token_missing' }]);
});

test('the guards of a kind document every route', () => {
  const { paths, components } = describeApi(routesOfCustomers());

  expect(paths['/me']?.['get']).toMatchObject({
    security: [{ bearer: [] }, { cookie: [] }],
    responses: { 401: { description: expect.stringContaining('access.token_missing') as string } },
  });
  expect(components).toMatchObject({ securitySchemes: { bearer: BEARER.scheme, cookie: COOKIE.scheme } });
});
