import {
  readPaymentResult,
  settledResultOf,
  type PaymentResult,
} from '../../entities/checkout/read-payment-result';
import { AppError, assertThat } from '../../entities/errors';
import { isUuid } from '../../entities/values/uuid';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { guard, type ApiContext } from '../middleware/guard';
import { rateLimit } from '../middleware/rate-limit';
import { presentPaymentPage } from '../orders/order.presenter';
import { PaymentPageView } from '../orders/order.view';
import { API_PREFIX } from '../router';
import type { PublicRouter, WebhookRouter } from '../router-kinds';
import { payAgain } from './pay-again';
import { PAYMENT_PAGE_POLICY } from './payment-page';
import { PaymentCallbackView, PaymentResultView, presentPaymentResult } from './payment-result';
import { GatewayParams, ResultParams } from './payments.input';
import { prefersPage, refusesWithPage } from './problem-page';
import { receiveCallback } from './receive-callback';
import { resultPage } from './result-page';

const RESULT_PURPOSE = 'payment-result';

/** Koa sends HEAD where GET goes. Scanners of links send it; nobody has come back then, so it records nothing. */
const onlyComplete = guard({}, (ctx) => {
  if (ctx.method !== 'HEAD') return;
  ctx.set('Allow', 'GET, POST');
  throw new AppError('route.method_not_allowed');
});

/** Where gateways send buyers back to. It needs no session and believes nothing. */
export function paymentCallbackRoutes(
  router: WebhookRouter,
  dependencies: Pick<
    Dependencies,
    'apiConfig' | 'checkout' | 'checkoutConfig' | 'database' | 'inbound' | 'metrics' | 'tokens'
  >,
): void {
  const { apiConfig, checkoutConfig, tokens } = dependencies;

  for (const [operation, register] of [
    ['receiveCallback', router.get],
    ['receivePostedCallback', router.post],
  ] as const) {
    register(
      '/payments/:gateway/callback',
      [
        describeRoute({
          operation,
          tag: 'payments',
          summary: 'A buyer comes back from a gateway',
          description:
            'For browsers that a gateway sends back. Answers JSON to callers that ask for JSON. Redirects a browser to the storefront (`result` is the token of the result) or to a page of the shop.',
          answers: { 200: PaymentCallbackView, 303: 'To the page that shows the result.' },
          errors: ['payment.not_found', 'service.unavailable'],
          params: GatewayParams,
        }),
        refusesWithPage(shopOf(apiConfig.storefrontResultUrl)),
        onlyComplete,
        rateLimit('callbacks'),
      ],
      async (ctx) => {
        const { gateway = '' } = ctx.params;
        const callback = { gateway, method: ctx.method, query: ctx.query, body: await formOf(ctx) };
        const { attemptId, stored, order } = await receiveCallback(dependencies, callback, ctx.state.log);
        const expiresAt = new Date(Date.now() + checkoutConfig.resultTokenLifetimeMs);
        const resultToken = tokens.sign(RESULT_PURPOSE, attemptId, expiresAt);
        if (prefersPage(ctx)) {
          return { status: 303, headers: { Location: pageOf(resultToken, apiConfig.storefrontResultUrl) } };
        }
        const settled = order && settledResultOf(order, attemptId);
        const result = settled ?? (await requireResult(dependencies, attemptId));
        const view = presentPaymentResult(
          stored || settled ? result : { ...result, hasCallback: true },
          checkoutConfig.paymentAttempts,
        );
        return { status: 200, body: { ...view, resultToken } };
      },
    );
  }
}

/** The result of a payment, for callers with its token. Reading it needs only Postgres. */
export function paymentResultRoutes(
  router: PublicRouter,
  dependencies: Pick<Dependencies, 'apiConfig' | 'checkout' | 'checkoutConfig' | 'database' | 'tokens'>,
): void {
  const { apiConfig, checkoutConfig, tokens } = dependencies;
  const refusalPage = refusesWithPage(shopOf(apiConfig.storefrontResultUrl));

  function attemptOf(token: string): string {
    const attemptId = tokens.read(RESULT_PURPOSE, token);
    assertThat(typeof attemptId === 'string' && isUuid(attemptId), 'payment.result_invalid');
    return attemptId;
  }

  router.get(
    '/payments/results/:token',
    [
      describeRoute({
        operation: 'getPaymentResult',
        tag: 'payments',
        summary: 'Read the result of a payment',
        answers: { 200: { json: PaymentResultView, page: 'The result as a Persian and English page.' } },
        errors: ['payment.result_invalid'],
        params: ResultParams,
      }),
      refusalPage,
      rateLimit('orders'),
    ],
    async (ctx) => {
      const { token = '' } = ctx.params;
      const result = await requireResult(dependencies, attemptOf(token));
      const view = presentPaymentResult(result, checkoutConfig.paymentAttempts);
      if (!prefersPage(ctx)) return { status: 200, body: view };
      const headers = { 'Content-Security-Policy': PAYMENT_PAGE_POLICY };
      return { status: 200, headers, page: resultPage(view, result, `${addressOf(token)}/payments`) };
    },
  );

  router.post(
    '/payments/results/:token/payments',
    [
      describeRoute({
        operation: 'payAgain',
        params: ResultParams,
        tag: 'payments',
        summary: 'Open another payment page of the order',
        description:
          'For a buyer who has only the result of a payment that was not made. Repeating it is safe: it opens one page, and another one only after the gateway gave none. A browser is redirected to the page, or back to the result when the order can no longer be paid.',
        answers: {
          201: PaymentPageView,
          200: PaymentPageView,
          303: 'To the payment page, or back to the result.',
        },
        errors: [
          'payment.result_invalid',
          'order.not_awaiting_payment',
          'order.verifying',
          'payment.attempt_limit',
          'payment.too_late',
          'service.unavailable',
        ],
      }),
      refusalPage,
      rateLimit('checkout'),
    ],
    async (ctx) => {
      const { token = '' } = ctx.params;
      const { log } = ctx.state;
      const attemptId = attemptOf(token);
      const result = await requireResult(dependencies, attemptId);
      const opened = payAgain(dependencies, { attemptId, result, log });
      if (!prefersPage(ctx)) {
        const { order, isNew } = await opened;
        return { status: isNew ? 201 : 200, body: presentPaymentPage(order) };
      }
      return { status: 303, headers: { Location: (await pageFor(opened)) ?? addressOf(token) } };
    },
  );
}

/** The address of the payment page; undefined where the result itself tells why there is none. */
async function pageFor(opened: ReturnType<typeof payAgain>): Promise<string | undefined> {
  try {
    const { redirect, reason } = presentPaymentPage((await opened).order);
    assertThat(reason !== 'gateway_unavailable', 'service.unavailable');
    return redirect ?? undefined;
  } catch (error) {
    if (error instanceof AppError && error.status === 409) return undefined;
    throw error;
  }
}

async function requireResult(
  { database, checkoutConfig }: Pick<Dependencies, 'checkoutConfig' | 'database'>,
  attemptId: string,
): Promise<PaymentResult> {
  const result = await readPaymentResult(database.manager, attemptId, {
    payableMs: checkoutConfig.authorityLifetimeMs,
    longestOpenMs: checkoutConfig.longestOpenMs,
  });
  assertThat(result, 'payment.result_invalid');
  return result;
}

const addressOf = (token: string): string => `${API_PREFIX}/payments/results/${token}`;

function pageOf(resultToken: string, storefront: string | undefined): string {
  if (storefront === undefined) return addressOf(resultToken);
  const address = new URL(storefront);
  address.searchParams.set('result', resultToken);
  return address.href;
}

function shopOf(storefront: string | undefined): string | undefined {
  return storefront === undefined ? undefined : new URL('/', storefront).href;
}

/** The parameters of the body. A body that cannot be read must not lose a callback whose address says enough. */
async function formOf(ctx: ApiContext): Promise<Record<string, string | string[] | undefined>> {
  try {
    await ctx.state.readBody(ctx);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    ctx.state.log.info({ code: error.code }, 'the body of a callback cannot be read');
    return {};
  }
  const { body } = ctx.request;
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, string | string[] | undefined>)
    : {};
}
