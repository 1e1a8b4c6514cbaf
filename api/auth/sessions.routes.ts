import { endSessions } from '../../entities/auth/end-sessions';
import { proveByCode, readProvablePhone } from '../../entities/auth/prove-by-code';
import { assertThat } from '../../entities/errors';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { ProofInput, RequestProofInput, SessionParams } from './auth.input';
import { presentDevice, presentProof } from './auth.presenter';
import { DevicesView, EndedDevicesView, ProofView, VerificationView } from './auth.view';
import { requestCode, type CodeDependencies } from './request-code';
import { readDevices } from './session.queries';
import { endUsedCodes, wrongCode } from './sign-in-with-code';

/** The devices of a caller, and proofs of still being there. */
export function sessionsRoutes(
  router: CustomerRouter,
  dependencies: CodeDependencies & Pick<Dependencies, 'liveSessions'>,
): void {
  const { database, keyedHash, liveSessions, verifications } = dependencies;
  const { codePeppers: peppers, codeLimits: limits } = dependencies;

  router.get(
    '/me/sessions',
    [
      describeRoute({
        operation: 'listDevices',
        tag: 'auth',
        summary: 'The devices that are signed in',
        answers: { 200: DevicesView },
      }),
      may('session.list'),
    ],
    async (ctx) => {
      const { accountId, sessionId } = ctx.state.caller;
      const devices = await readDevices(database.manager, accountId);
      return { status: 200, body: { items: devices.map((device) => presentDevice(device, sessionId)) } };
    },
  );

  router.delete(
    '/me/sessions/:id',
    [
      describeRoute({
        operation: 'endDevice',
        tag: 'auth',
        summary: 'Sign one device out',
        answers: { 204: 'The device is signed out.' },
      }),
      may('session.end'),
      validateParams(SessionParams, 'auth.session_not_found'),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      const reason = params.id === caller.sessionId ? 'signed_out' : 'ended_elsewhere';
      const ending = { accountId: caller.accountId, sessionId: params.id, reason } as const;
      const ended = await withTransaction(database, (transaction) => endSessions(transaction, ending));
      assertThat(ended === 1, 'auth.session_not_found');
      liveSessions.forget(params.id);
      return { status: 204 };
    },
  );

  router.delete(
    '/me/sessions',
    [
      describeRoute({
        operation: 'endOtherDevices',
        tag: 'auth',
        summary: 'Sign all other devices out',
        answers: { 200: EndedDevicesView },
      }),
      may('session.end_others'),
    ],
    async (ctx) => {
      const { accountId, sessionId: except } = ctx.state.caller;
      const ending = { accountId, except, reason: 'ended_elsewhere' } as const;
      const ended = await withTransaction(database, (transaction) => endSessions(transaction, ending));
      return { status: 200, body: { ended } };
    },
  );

  router.post(
    '/me/proofs/verifications',
    [
      describeRoute({
        operation: 'requestProofCode',
        tag: 'auth',
        summary: 'Get a code for a fresh proof by SMS',
        description: 'It goes to the number of the account. Staff prove with their second factor instead.',
        answers: { 201: VerificationView, 200: VerificationView },
        errors: [
          'auth.code_over',
          'auth.code_too_soon',
          'auth.codes_too_many',
          'auth.codes_exhausted',
          'request.idempotency_key_reused',
        ],
      }),
      may('session.prove'),
      requireIdempotencyKey(),
      validate(RequestProofInput),
    ],
    async (ctx) => {
      const { caller, input, ...request } = ctx.state;
      const { accountId, sessionId } = caller;
      const phone = await readProvablePhone(database.manager, caller);
      // A session is a known device: what strangers ask for with its number does not hold it up.
      const deviceKey = keyedHash('device of session', sessionId);
      const wanted = { purpose: 'confirm_action', accountId, phone, deviceKey, work: '' } as const;
      const { body, isNew } = await requestCode(dependencies, { ...request, ...input, ...wanted });
      return { status: isNew ? 201 : 200, body };
    },
  );

  router.post(
    '/me/proofs',
    [
      describeRoute({
        operation: 'confirmPresence',
        tag: 'auth',
        summary: 'Prove with a code to be still there',
        answers: { 200: ProofView },
        errors: ['auth.code_wrong', 'auth.code_over', 'auth.guesses_too_many'],
      }),
      may('session.prove'),
      validate(ProofInput),
    ],
    async (ctx) => {
      const { caller, input, log } = ctx.state;
      const typed = { ...caller, ...input, peppers, limits };
      const proved = await withTransaction(database, (transaction) => proveByCode(transaction, typed));
      if (proved.verdict === 'wrong') throw wrongCode(proved.attemptsLeft);
      await endUsedCodes(verifications, [input.verificationId], log);
      liveSessions.forget(caller.sessionId);
      return { status: 200, body: presentProof(proved.provedAt) };
    },
  );
}
