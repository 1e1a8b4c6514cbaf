import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { rateLimit } from '../middleware/rate-limit';
import { validate, validateParams } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';
import { RequestCodeInput, SendAgainInput, VerificationParams } from './auth.input';
import { VerificationView } from './auth.view';
import { deviceKeyOf, knownDevice, mayNameDevice } from './device-token';
import { codePhone, presentSent, requestCode, type CodeDependencies } from './request-code';
import { mayShowWork } from './work';

/** One-time codes for signing in. */
export function codesRoutes(
  router: PublicRouter,
  dependencies: CodeDependencies & Pick<Dependencies, 'smsConfig' | 'tokens'>,
): void {
  const { keyedHash, smsConfig, verifications } = dependencies;

  router.post(
    '/auth/verifications',
    [
      describeRoute({
        operation: 'requestCode',
        tag: 'auth',
        summary: 'Get a code for signing in by SMS',
        description:
          'The answer is the same whether the number has an account or not. Repeat with the same key until there is an answer: one key sends one message.',
        answers: { 201: VerificationView, 200: VerificationView },
        errors: [
          'auth.phone_invalid',
          'auth.code_over',
          'auth.code_too_soon',
          'auth.codes_too_many',
          'auth.codes_exhausted',
        ],
      }),
      rateLimit('auth'),
      mayNameDevice(),
      mayShowWork(),
      requireIdempotencyKey(),
      validate(RequestCodeInput),
    ],
    async (ctx) => {
      const { deviceToken, input, ...request } = ctx.state;
      const phone = codePhone(smsConfig, input.phone);
      const deviceKey = deviceKeyOf(dependencies, knownDevice(dependencies, phone, deviceToken));
      const purpose = { purpose: 'sign_in', accountId: null, language: input.language } as const;
      const { body, isNew } = await requestCode(dependencies, { ...request, ...purpose, phone, deviceKey });
      return { status: isNew ? 201 : 200, body };
    },
  );

  router.post(
    '/auth/verifications/:id/messages',
    [
      describeRoute({
        operation: 'sendCodeAgain',
        tag: 'auth',
        summary: 'Send the same code again',
        description: 'All messages carry the same code, so a late one is as good as the newest.',
        answers: { 200: VerificationView },
        errors: ['auth.code_over', 'auth.code_too_soon', 'auth.codes_too_many', 'auth.codes_exhausted'],
      }),
      rateLimit('auth'),
      validateParams(VerificationParams),
      requireIdempotencyKey(),
      validate(SendAgainInput),
    ],
    async (ctx) => {
      const { idempotencyKey, params } = ctx.state;
      const askId = keyedHash('ask', idempotencyKey);
      return { status: 200, body: presentSent(params.id, await verifications.resend(params.id, askId)) };
    },
  );
}
