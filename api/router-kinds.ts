import { limitSignedIn } from './middleware/limit-caller';
import { rateLimit } from './middleware/rate-limit';
import { signedIn, type Access, type Caller } from './middleware/signed-in';
import { createRouter, type ApiRouter } from './router';

/** For everybody. A guest's capability travels in a header. */
export type PublicRouter = ApiRouter<'public'>;
/** For people who have signed in. Each route names its action: `may(…)`. */
export type CustomerRouter = ApiRouter<'customer', { readonly caller: Caller }>;
/** For people who work for the shop. Each route names its action: `may(…)`. Each change is recorded: `audited(…)`. */
export type StaffRouter = ApiRouter<'staff', { readonly caller: Caller }>;
/** For gateways and the browsers that they send back. They show no token, and nothing that they say is believed. */
export type WebhookRouter = ApiRouter<'webhook'>;

export function publicRouter(prefix?: string): PublicRouter {
  return createRouter({ name: 'public', guards: [] }, prefix);
}

export function webhookRouter(prefix?: string): WebhookRouter {
  return createRouter({ name: 'webhook', guards: [] }, prefix);
}

export function customerRouter(access: Access, prefix?: string): CustomerRouter {
  return createRouter({ name: 'customer', guards: [limitSignedIn('customer', access)] }, prefix);
}

export function staffRouter(access: Access, prefix?: string): StaffRouter {
  return createRouter({ name: 'staff', guards: [rateLimit('staff'), signedIn(access)] }, prefix);
}
