import { IsIn, IsOptional, IsString } from 'class-validator';
import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';

import { holdsCart } from '../../../api/carts/cart-holder';
import { describeRoute } from '../../../api/describe-route';
import { validate } from '../../../api/middleware/validate';
import { publicRouter, webhookRouter, type PublicRouter } from '../../../api/router-kinds';

const HOLDER = { keyedHash: () => '', database: new DataSource({ type: 'postgres' }) };

class KettleView {
  @IsIn(['cold', 'hot'])
  state!: 'cold' | 'hot';
}

class KettleInput {
  @IsOptional()
  @IsString()
  label?: string;
}

const KETTLE = describeRoute({
  operation: 'readKettle',
  tag: 'test',
  summary: 'A kettle',
  answers: { 200: KettleView },
});
const MOVED = describeRoute({
  operation: 'moved',
  tag: 'test',
  summary: 'A kettle, kettles or another place',
  answers: {
    201: [KettleView],
    202: { json: KettleView, page: 'A picture of the kettle.' },
    303: 'To another kettle.',
  },
});

// The compiler is the test: an @ts-expect-error is an error itself when the code under it compiles.

test('a handler returns an answer that its route documents', () => {
  const router = publicRouter();
  router.get('/kettle', [KETTLE], () => ({ status: 200, body: { state: 'hot' } }));
  router.get('/kettle', [KETTLE], async (ctx) => {
    return { status: 200, body: { state: ctx.method === 'HEAD' ? 'cold' : 'hot' } };
  });
  router.post('/kettle', [MOVED], (ctx) => {
    if (ctx.path === '/list') return { status: 201, body: [{ state: 'cold' }] };
    if (ctx.path === '/json') return { status: 202, body: { state: 'cold' } };
    if (ctx.path === '/page') return { status: 202, page: '<p>a kettle</p>' };
    return { status: 303, headers: { Location: '/kettle' } };
  });
  expect(router.routes).toHaveLength(3);
});

test('another status, another body or no answer does not compile', () => {
  const router = publicRouter();
  // @ts-expect-error -- 201 is not documented
  router.get('/kettle', [KETTLE], () => ({ status: 201, body: { state: 'hot' } }));
  // @ts-expect-error -- no kettle is in this state
  router.get('/kettle', [KETTLE], () => ({ status: 200, body: { state: 'lukewarm' } }));
  // @ts-expect-error -- the body is missing
  router.get('/kettle', [KETTLE], () => ({ status: 200 }));
  // @ts-expect-error -- the body has another shape
  router.get('/kettle', [KETTLE], (ctx) => ({ status: 200, body: { temperature: ctx.path } }));
  // @ts-expect-error -- one object where the route documents a list
  router.get('/kettle', [MOVED], () => ({ status: 201, body: { state: 'hot' } }));
  // @ts-expect-error -- a page where the route documents JSON
  router.get('/kettle', [KETTLE], () => ({ status: 200, page: '<p>a kettle</p>' }));
  // @ts-expect-error -- a body where the route documents none
  router.get('/kettle', [MOVED], () => ({ status: 303, body: { state: 'hot' } }));
  // @ts-expect-error -- nothing is returned
  router.get('/kettle', [KETTLE], async () => {});
  expect(router.routes).toHaveLength(8);
});

test('a handler sees what its guards put into the state, and nothing else', () => {
  const router = publicRouter();
  router.post('/kettle', [KETTLE, holdsCart(HOLDER), validate(KettleInput)], (ctx) => {
    const { cart, input, requestId } = ctx.state;
    ctx.set('X-Seen', cart.id + requestId + (input.label ?? ''));
    return { status: 200, body: { state: 'hot' } };
  });
  router.post('/kettle', [KETTLE, holdsCart(HOLDER)], (ctx) => {
    // @ts-expect-error -- no guard of this route reads a body
    ctx.set('X-Seen', ctx.state.input);
    return { status: 200, body: { state: 'hot' } };
  });
  expect(router.routes).toHaveLength(2);
});

test('a route begins with its description', () => {
  const router = publicRouter();
  // @ts-expect-error -- a guard is no description
  router.get('/kettle', [holdsCart(HOLDER)], () => ({ status: 200, body: { state: 'hot' } }));
  expect(router.routes).toHaveLength(1);
});

test('a router of one kind does not pass for another', () => {
  const register = (router: PublicRouter) => router.kind;
  expect(register(publicRouter())).toBe('public');
  // @ts-expect-error -- gateways call these routes
  expect(register(webhookRouter())).toBe('webhook');
});
