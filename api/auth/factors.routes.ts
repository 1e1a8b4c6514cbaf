import { proveFactor } from '../../entities/auth/prove-factor';
import { base32Of, otpauthUri } from '../../platform/totp';
import { withTransaction } from '../../platform/transaction';
import { mayBringCart } from '../carts/brought-cart';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { rateLimit } from '../middleware/rate-limit';
import { validate } from '../middleware/validate';
import type { CustomerRouter, PublicRouter } from '../router-kinds';
import { presentProof } from './auth.presenter';
import { ProofView } from './auth.view';
import { deliverSession, mayDeliver } from './deliver-session';
import {
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
  'apiConfig' | 'authConfig' | 'publicUrl' | 'refreshTokens' | 'signingKeys'
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
      const { secret, recoveryCodes } = await enrol(dependencies, ctx.state.input.token);
      const issuer = new URL(publicUrl).hostname;
      const uri = otpauthUri(secret, { issuer, account: 'staff' });
      return { status: 201, body: { uri, secret: base32Of(secret), recoveryCodes: [...recoveryCodes] } };
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

/** Fresh proofs of people who work for the shop. */
export function factorProofsRoutes(
  router: CustomerRouter,
  {
    authenticators,
    database,
    liveSessions,
  }: Pick<Dependencies, 'authenticators' | 'database' | 'liveSessions'>,
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
}
