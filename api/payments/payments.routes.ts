import { assertThat } from '../../entities/errors';
import { readPaymentResult } from '../../entities/payments/read-payment-result';
import { isUuid } from '../../entities/values/uuid';
import { forRequest, type Dependencies } from '../dependencies';
import { describe } from '../middleware/describe';
import type { ApiContext } from '../middleware/guard';
import { rateLimit } from '../middleware/rate-limit';
import { API_PREFIX, type PublicRouter, type WebhookRouter } from '../routers';
import { PaymentResultView, PaymentCallbackView, presentPaymentResult } from './payment-result';
import { receiveCallback } from './receive-callback';
import { RESULT_PAGE_POLICY, resultPage } from './result-page';

const RESULT_PURPOSE = 'payment-result';

/** Where gateways send buyers back to. It needs no session and believes nothing. */
export function paymentCallbackRoutes(router: WebhookRouter, dependencies: Dependencies): void {
  const { config, tokens, now } = dependencies;

  const pipeline = [
    describe({
      tag: 'payments',
      summary: 'A buyer comes back from a gateway',
      description:
        'For browsers that a gateway sends back. Answers JSON to whoever asks for JSON, and redirects a browser to the storefront (`result` is the token of the result) or to a page of the shop.',
      answers: { 200: PaymentCallbackView, 303: 'To the page that shows the result.' },
      errors: ['payment.not_found', 'service.unavailable'],
    }),
    rateLimit('callbacks'),
    async (ctx: ApiContext) => {
      const { gateway = '' } = ctx.params;
      const refunded = { gateway, method: ctx.method, query: ctx.query, body: formOf(ctx) };
      const { attemptId, result } = await receiveCallback(forRequest(dependencies, ctx.state), refunded);
      const expiresAt = new Date(now().getTime() + config.checkout.resultTokenLifetimeMs);
      const resultToken = tokens.sign(RESULT_PURPOSE, attemptId, expiresAt);
      ctx.set('Cache-Control', 'no-store');
      if (ctx.accepts('json', 'html') === 'json') ctx.body = { ...presentPaymentResult(result), resultToken };
      else redirect(ctx, addressOf(resultToken, config.api.storefrontResultUrl));
    },
  ] as const;
  router.get('/payments/:gateway/callback', ...pipeline);
  router.post('/payments/:gateway/callback', ...pipeline);
}

/** The result of a payment for whoever holds its token; it needs no more than Postgres. */
export function paymentResultRoutes(router: PublicRouter, { database, tokens }: Dependencies): void {
  router.get(
    '/payments/results/:token',
    describe({
      tag: 'payments',
      summary: 'Read the result of a payment',
      answers: { 200: PaymentResultView },
      errors: ['payment.result_invalid'],
    }),
    rateLimit('orders'),
    async (ctx) => {
      const attemptId = tokens.read(RESULT_PURPOSE, ctx.params['token'] ?? '');
      assertThat(typeof attemptId === 'string' && isUuid(attemptId), 'payment.result_invalid');
      const result = await readPaymentResult(database.manager, attemptId);
      assertThat(result, 'payment.result_invalid');
      ctx.set('Cache-Control', 'no-store');
      if (ctx.accepts('json', 'html') === 'json') ctx.body = presentPaymentResult(result);
      else showPage(ctx, presentPaymentResult(result));
    },
  );
}

function showPage(ctx: ApiContext, result: PaymentResultView): void {
  ctx.set('Content-Security-Policy', RESULT_PAGE_POLICY);
  ctx.type = 'html';
  ctx.body = resultPage(result);
}

function redirect(ctx: ApiContext, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
}

function addressOf(resultToken: string, storefront: string | undefined): string {
  if (storefront === undefined) return `${API_PREFIX}/payments/results/${resultToken}`;
  const address = new URL(storefront);
  address.searchParams.set('result', resultToken);
  return address.href;
}

function formOf(ctx: ApiContext): Record<string, string | string[] | undefined> {
  const { body } = ctx.request;
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, string | string[] | undefined>)
    : {};
}
