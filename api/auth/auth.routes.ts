import { signOut } from '../../entities/auth/sign-out';
import { withTransaction } from '../../platform/transaction';
import { mayBringCart } from '../carts/brought-cart';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { rateLimit } from '../middleware/rate-limit';
import { validate } from '../middleware/validate';
import type { PublicRouter } from '../router-kinds';
import { RefreshInput, SignInInput } from './auth.input';
import { presentSecondFactor } from './auth.presenter';
import { SecondFactorNeededView, SignedInView } from './auth.view';
import { deliverSession, mayDeliver } from './deliver-session';
import { issueDeviceToken, knownDevice, mayNameDevice } from './device-token';
import { showsAnyToken } from './leave';
import { refresh, showsRefreshToken } from './refresh';
import { codePhone } from './request-code';
import { signSecondFactorToken } from './second-factor-token';
import { clearSessionCookie } from './session-cookie';
import { SessionView } from './session.view';
import { signInWithCode, type CheckDependencies } from './sign-in-with-code';

export type AuthDependencies = CheckDependencies &
  Pick<
    Dependencies,
    | 'accessTokens'
    | 'authConfig'
    | 'edgeConfig'
    | 'liveSessions'
    | 'publicUrl'
    | 'refreshTokens'
    | 'signingKeys'
    | 'smsConfig'
    | 'tokens'
  >;

/** Signing in with a code, staying signed in, and leaving. */
export function authRoutes(router: PublicRouter, dependencies: AuthDependencies): void {
  const { database, liveSessions, smsConfig, tokens } = dependencies;

  router.post(
    '/auth/sessions',
    [
      describeRoute({
        operation: 'signIn',
        tag: 'auth',
        summary: 'Sign in with a code',
        description:
          'The first time creates the account. A wrong code is counted: `attemptsLeft` says how often it may still be tried. The answer is 200 with a token for the second factor where the account belongs to the staff.',
        answers: { 201: SignedInView, 200: SecondFactorNeededView },
        errors: [
          'auth.phone_invalid',
          'auth.code_wrong',
          'auth.code_over',
          'auth.guesses_too_many',
          'auth.account_blocked',
        ],
      }),
      rateLimit('auth'),
      mayNameDevice(),
      validate(SignInInput),
      mayDeliver(dependencies),
      mayBringCart(dependencies),
    ],
    async (ctx) => {
      const { clientAddress, deviceToken, input, broughtCart, log } = ctx.state;
      const phone = codePhone(smsConfig, input.phone);
      const typed = { ...input, phone, clientAddress, broughtCart, log };
      const signedIn = await signInWithCode(dependencies, typed);
      const known = knownDevice(dependencies, phone, deviceToken);
      const device = { deviceToken: issueDeviceToken(dependencies, phone, known) };
      if (signedIn.verdict === 'second_factor') {
        const token = signSecondFactorToken(tokens, { ...input, ...signedIn });
        return { status: 200, body: { secondFactor: presentSecondFactor(token), ...device } };
      }
      const { cart, ...opened } = signedIn;
      const session = deliverSession(ctx, dependencies, { ...opened, kind: 'customer' }, input.delivery);
      return { status: 201, body: { session, cart, ...device } };
    },
  );

  router.post(
    '/auth/sessions/refresh',
    [
      describeRoute({
        operation: 'refreshSession',
        tag: 'auth',
        summary: 'Get the next access token',
        description:
          'A refresh token is used once. After a lost answer the same one gives the same answer again, until its successor is used. An older one ends the session.',
        answers: { 200: SessionView },
        errors: ['auth.session_over'],
      }),
      rateLimit('auth'),
      validate(RefreshInput),
      showsRefreshToken(dependencies),
    ],
    async (ctx) => {
      const session = await refresh(ctx, dependencies, ctx.state.refresh);
      return { status: 200, body: deliverSession(ctx, dependencies, session, ctx.state.refresh.delivery) };
    },
  );

  router.delete(
    '/auth/sessions/current',
    [
      describeRoute({
        operation: 'signOut',
        tag: 'auth',
        summary: 'Sign out',
        description: 'Also with a session that is over. The browser forgets its cookie.',
        answers: { 204: 'The session is over.' },
      }),
      rateLimit('auth'),
      showsAnyToken(dependencies),
    ],
    async (ctx) => {
      const { leaving } = ctx.state;
      await withTransaction(database, (transaction) => signOut(transaction, leaving));
      liveSessions.forget(leaving);
      clearSessionCookie(ctx, dependencies);
      return { status: 204 };
    },
  );
}
