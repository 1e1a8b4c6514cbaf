/** Refusals of sign-in and sessions. */
export const AUTH_ERRORS = {
  'auth.session_over': { status: 401, title: 'The session is over: sign in again.' },
  'auth.account_blocked': { status: 403, title: 'This account is blocked: ask the shop.' },
} as const;
