import { proveFactor } from '../../entities/auth/prove-factor';
import { changeOwnFactor, enrolNextFactor } from '../../entities/staff/change-own-factor';
import { withTransaction } from '../../platform/transaction';
import { mayBringCart } from '../carts/brought-cart';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { rateLimit } from '../middleware/rate-limit';
import { validate } from '../middleware/validate';
import type { CustomerRouter, PublicRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { presentEnrolled, presentProof } from './auth.presenter';
import { ProofView } from './auth.view';
import { deliverSession, mayDeliver } from './deliver-session';
import {
  ChangeFactorInput,
  ConfirmFactorInput,
  EnrolFactorInput,
  ProveFactorInput,
  SecondFactorInput,
  typedFactor,
} from './factor.input';
import { EnrolledFactorView, SignedInStaffView } from './factor.view';
import { enrol, showFactor, showFirstCode, wrongFactor, type FactorDependencies } from './show-factor';

type Delivering = Pick<
  Dependencies,
  'authConfig' | 'edgeConfig' | 'publicUrl' | 'refreshTokens' | 'signingKeys'
>;

/** The second factor of people who work for the shop: between the code and the session. */
export function factorsRoutes(router: PublicRouter, dependencies: FactorDependencies & Delivering): void {
  const { publicUrl } = dependencies;

  router.post(
    '/auth/sessions/second-factor',
    [
      describeRoute({
        operation: 'showSecondFactor',
        tag: 'auth',
        summary: 'Sign in with the second factor, after the code',
        description:
          'For people who work for the shop. A code is good once, and so is each recovery code. A cart comes along as with the code. After five wrong ones the token is over: sign in with another code.',
        answers: { 201: SignedInStaffView },
        errors: [
          'auth.factor_wrong',
          'auth.factor_missing',
          'auth.code_over',
          'auth.guesses_too_many',
          'auth.account_blocked',
        ],
      }),
      rateLimit('auth'),
      validate(SecondFactorInput),
      mayDeliver(dependencies),
      mayBringCart(dependencies),
    ],
    async (ctx) => {
      const { input } = ctx.state;
      const { session, cart } = await showFactor(dependencies, input, ctx.state);
      const delivered = deliverSession(ctx, dependencies, session, input.delivery);
      return { status: 201, body: { session: delivered, cart } };
    },
  );

  router.post(
    '/auth/factors',
    [
      describeRoute({
        operation: 'enrolFactor',
        tag: 'auth',
        summary: 'Get a second factor, as an invited person',
        description:
          'It counts once it is confirmed. After a lost answer repeat the request: the factor of the lost answer is forgotten. Who has a confirmed factor must show it instead.',
        answers: { 201: EnrolledFactorView },
        errors: ['auth.factor_exists', 'auth.code_over', 'auth.account_blocked'],
      }),
      rateLimit('auth'),
      validate(EnrolFactorInput),
    ],
    async (ctx) => {
      const enrolled = await enrol(dependencies, ctx.state.input.token);
      return { status: 201, body: presentEnrolled(enrolled, publicUrl) };
    },
  );

  router.post(
    '/auth/factors/confirm',
    [
      describeRoute({
        operation: 'confirmFactor',
        tag: 'auth',
        summary: 'Confirm the second factor with its first code, and sign in',
        answers: { 201: SignedInStaffView },
        errors: [
          'auth.factor_wrong',
          'auth.factor_exists',
          'auth.code_over',
          'auth.guesses_too_many',
          'auth.account_blocked',
        ],
      }),
      rateLimit('auth'),
      validate(ConfirmFactorInput),
      mayDeliver(dependencies),
      mayBringCart(dependencies),
    ],
    async (ctx) => {
      const { input } = ctx.state;
      const { session, cart } = await showFirstCode(dependencies, input, ctx.state);
      const delivered = deliverSession(ctx, dependencies, session, input.delivery);
      return { status: 201, body: { session: delivered, cart } };
    },
  );
}

/** What people who work for the shop do with their second factor while they are signed in. */
export function ownFactorRoutes(
  router: CustomerRouter,
  {
    authenticators,
    database,
    liveSessions,
    publicUrl,
  }: Pick<Dependencies, 'authenticators' | 'database' | 'liveSessions' | 'publicUrl'>,
): void {
  router.post(
    '/me/proofs/factor',
    [
      describeRoute({
        operation: 'proveFactor',
        tag: 'auth',
        summary: 'Prove with the second factor to be still there',
        description: 'In a staff session. After five wrong ones in a row the session gets no further proof.',
        answers: { 200: ProofView },
        errors: ['auth.factor_wrong', 'auth.code_over'],
      }),
      may('factor.prove'),
      validate(ProveFactorInput),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      const shown = { ...caller, typed: typedFactor(input), authenticators };
      const proved = await withTransaction(database, (transaction) => proveFactor(transaction, shown));
      if (proved.verdict === 'wrong') throw wrongFactor(proved.attemptsLeft);
      liveSessions.forget(caller.sessionId);
      return { status: 200, body: presentProof(proved.provedAt) };
    },
  );
  router.post(
    '/me/factors',
    [
      describeRoute({
        operation: 'enrolNextFactor',
        tag: 'auth',
        summary: 'Get another second factor in place of the working one',
        description:
          'In a staff session, after a fresh proof. The working one counts until the new one is confirmed. After a lost answer repeat the request: the factor of the lost answer is forgotten.',
        answers: { 201: EnrolledFactorView },
        errors: ['auth.factor_missing', 'auth.code_over', 'auth.account_blocked'],
      }),
      may('factor.change'),
    ],
    async (ctx) => {
      const next = { accountId: ctx.state.caller.accountId, authenticators };
      const enrolled = await withTransaction(database, (transaction) => enrolNextFactor(transaction, next));
      return { status: 201, body: presentEnrolled(enrolled, publicUrl) };
    },
  );

  router.post(
    '/me/factors/confirm',
    [
      describeRoute({
        operation: 'changeFactor',
        tag: 'auth',
        summary: 'Confirm the new second factor with its first code',
        description:
          'From then on it counts alone: the former one and its recovery codes are worth nothing, and every other session of the person ends. After five wrong ones in a row the session gets no further proof.',
        answers: { 204: 'The new factor counts.' },
        errors: ['auth.factor_wrong', 'auth.factor_missing', 'auth.code_over', 'auth.account_blocked'],
      }),
      may('factor.change'),
      validate(ChangeFactorInput),
    ],
    async (ctx) => {
      const { caller, input } = ctx.state;
      const change = { code: input.code, authenticators };
      const changed = await withTransaction(database, (transaction) =>
        changeOwnFactor(transaction, actorOf(ctx.state), change),
      );
      if (changed.verdict === 'wrong') throw wrongFactor(changed.attemptsLeft);
      await liveSessions.forgetAccount(caller.accountId);
      return { status: 204 };
    },
  );
}
