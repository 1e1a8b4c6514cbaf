import { expect, test } from 'vitest';

import { guard } from '../../../api/middleware/guard';
import { describeApi } from '../../../api/openapi/document';
import type { SecurityAlternatives, SecurityScheme } from '../../../api/openapi/documentation';
import { renderClient } from '../../../api/openapi/render-client';
import { publicRouter } from '../../../api/router-kinds';
import { ANY_ROUTE } from './open-api-under-test';

const BEARER: SecurityScheme = {
  id: 'bearer',
  scheme: { type: 'http', scheme: 'bearer', description: 'An access token.' },
};
const COOKIE: SecurityScheme = {
  id: 'cookie',
  scheme: { type: 'apiKey', in: 'cookie', name: 'session', description: 'A session.' },
};
const CART: SecurityScheme = {
  id: 'cart',
  scheme: { type: 'apiKey', in: 'header', name: 'X-Cart', description: 'A cart.' },
};

/** The document of one route whose guards demand this. */
function documentOf(...demands: readonly SecurityAlternatives[]) {
  const router = publicRouter('');
  const guards = demands.map((security) => guard({ security }, () => {}));
  router.get('/secrets', [ANY_ROUTE, ...guards], () => ({ status: 200, body: {} }));
  return describeApi(router.routes);
}

function securityOf(...demands: readonly SecurityAlternatives[]): unknown {
  const operation = documentOf(...demands).paths['/secrets']?.['get'] as { security?: unknown } | undefined;
  return operation?.security;
}

/** What the client must be given for the same route. */
function requestOf(...demands: readonly SecurityAlternatives[]): string | undefined {
  return /readonly anyRoute: \{ readonly request: (.*); readonly answer/.exec(
    renderClient(documentOf(...demands)),
  )?.[1];
}

test('a route that demands nothing has no security', () => {
  expect(securityOf()).toBeUndefined();
  expect(requestOf()).toBe('object');
});

test('a cookie is a scheme like a header', () => {
  expect(documentOf([[COOKIE]], [[CART]]).components).toMatchObject({
    securitySchemes: {
      cookie: { type: 'apiKey', in: 'cookie', name: 'session' },
      cart: { type: 'apiKey', in: 'header', name: 'X-Cart' },
    },
  });
});

test('the client needs what every alternative asks for, and may send the rest', () => {
  expect(securityOf([[BEARER], [COOKIE]])).toEqual([{ bearer: [] }, { cookie: [] }]);
  expect(requestOf([[BEARER]])).toBe(
    "{ readonly headers: { readonly 'Authorization': `Bearer ${string}` } }",
  );
  expect(requestOf([[BEARER], [COOKIE]])).toBe(
    "{ readonly headers?: { readonly 'Authorization'?: `Bearer ${string}` } }",
  );
  expect(requestOf([[COOKIE]])).toBe('object');
});

test('an optional credential is an alternative to none', () => {
  expect(securityOf([[CART], []])).toEqual([{ cart: [] }, {}]);
  expect(requestOf([[CART], []])).toBe("{ readonly headers?: { readonly 'X-Cart'?: string } }");
});

test('guards of one route are demanded together, in every combination of their alternatives', () => {
  expect(securityOf([[BEARER], [COOKIE]], [[CART], []])).toEqual([
    { bearer: [], cart: [] },
    { bearer: [] },
    { cookie: [], cart: [] },
    { cookie: [] },
  ]);
});

test('two schemes cannot share an id', () => {
  const impostor = { ...CART, scheme: { ...CART.scheme } };

  expect(() => documentOf([[CART]], [[impostor]])).toThrow('two security schemes are called cart');
});
