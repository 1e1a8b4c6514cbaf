import { assertThat } from '../../entities/errors';
import { readPaymentResult } from '../../entities/payments/read-payment-result';
import { isUuid } from '../../entities/values/uuid';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import type { ApiContext } from '../middleware/guard';
import { rateLimit } from '../middleware/rate-limit';
import { API_PREFIX } from '../router';
import type { PublicRouter, WebhookRouter } from '../router-kinds';
import { PaymentCallbackView, PaymentResultView, presentPaymentResult } from './payment-result';
import { receiveCallback } from './receive-callback';
import { RESULT_PAGE_POLICY, resultPage } from './result-page';

const RESULT_PURPOSE = 'payment-result';

/** Where gateways send buyers back to. It needs no session and believes nothing. */
export function paymentCallbackRoutes(
  router: WebhookRouter,
  dependencies: Pick<
    Dependencies,
    'apiConfig' | 'checkout' | 'checkoutConfig' | 'database' | 'inbound' | 'metrics' | 'tokens'
  >,
): void {
  const { apiConfig, checkoutConfig, tokens } = dependencies;

  for (const register of [router.get, router.post]) {
    register(
      '/payments/:gateway/callback',
      [
        describeRoute({
          tag: 'payments',
          summary: 'A buyer comes back from a gateway',
          description:
            'For browsers that a gateway sends back. Answers JSON to callers that ask for JSON. Redirects a browser to the storefront (`result` is the token of the result) or to a page of the shop.',
          answers: { 200: PaymentCallbackView, 303: 'To the page that shows the result.' },
          errors: ['payment.not_found', 'service.unavailable'],
        }),
        rateLimit('callbacks'),
      ],
      async (ctx) => {
        await ctx.state.readBody(ctx);
        const { gateway = '' } = ctx.params;
        const callback = { gateway, method: ctx.method, query: ctx.query, body: formOf(ctx) };
        const { attemptId, result } = await receiveCallback(dependencies, callback, ctx.state.log);
        const expiresAt = new Date(Date.now() + checkoutConfig.resultTokenLifetimeMs);
        const resultToken = tokens.sign(RESULT_PURPOSE, attemptId, expiresAt);
        if (prefersPage(ctx)) {
          return { status: 303, headers: { Location: pageOf(resultToken, apiConfig.storefrontResultUrl) } };
        }
        return { status: 200, body: { ...presentPaymentResult(result), resultToken } };
      },
    );
  }
}

/** The result of a payment, for callers with its token. It needs only Postgres. */
export function paymentResultRoutes(
  router: PublicRouter,
  { database, tokens }: Pick<Dependencies, 'database' | 'tokens'>,
): void {
  router.get(
    '/payments/results/:token',
    [
      describeRoute({
        tag: 'payments',
        summary: 'Read the result of a payment',
        answers: { 200: { json: PaymentResultView, page: 'The result as a Persian page.' } },
        errors: ['payment.result_invalid'],
      }),
      rateLimit('orders'),
    ],
    async (ctx) => {
      const attemptId = tokens.read(RESULT_PURPOSE, ctx.params['token'] ?? '');
      assertThat(typeof attemptId === 'string' && isUuid(attemptId), 'payment.result_invalid');
      const result = await readPaymentResult(database.manager, attemptId);
      assertThat(result, 'payment.result_invalid');
      const view = presentPaymentResult(result);
      if (!prefersPage(ctx)) return { status: 200, body: view };
      const headers = { 'Content-Security-Policy': RESULT_PAGE_POLICY };
      return { status: 200, headers, page: resultPage(view) };
    },
  );
}

function prefersPage(ctx: ApiContext): boolean {
  return ctx.accepts('json', 'html') !== 'json';
}

function pageOf(resultToken: string, storefront: string | undefined): string {
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
