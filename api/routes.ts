import { authRoutes } from './auth/auth.routes';
import { codesRoutes } from './auth/codes.routes';
import { factorProofsRoutes, factorsRoutes } from './auth/factors.routes';
import { jwksRoutes } from './auth/jwks.routes';
import { sessionsRoutes } from './auth/sessions.routes';
import { cartsRoutes } from './carts/carts.routes';
import { createCartChanges } from './carts/change-cart';
import { recipientRoutes } from './carts/recipient.routes';
import { catalogRoutes } from './catalog/catalog.routes';
import { checkoutRoutes } from './checkout/checkout.routes';
import { customersRoutes } from './customers/customers.routes';
import type { Dependencies } from './dependencies';
import { geographyRoutes } from './geography/geography.routes';
import { healthRoutes } from './health/health.routes';
import { addressesRoutes } from './me/addresses.routes';
import { meRoutes } from './me/me.routes';
import { numberChangesRoutes } from './me/number-changes.routes';
import { personalDataRoutes } from './me/personal-data.routes';
import { operationsRoutes } from './operations/operations.routes';
import { ordersRoutes } from './orders/orders.routes';
import { ownOrdersRoutes } from './orders/own-orders.routes';
import { gatewaysRoutes } from './payments/gateways.routes';
import { paymentCallbackRoutes, paymentResultRoutes } from './payments/payments.routes';
import type { RegisteredRoute } from './router';
import { customerRouter, publicRouter, staffRouter, webhookRouter } from './router-kinds';
import { smsReportRoutes } from './sms/sms-report.routes';
import { smsRoutes } from './sms/sms.routes';
import { staffActionsRoutes } from './staff/staff-actions.routes';
import { staffRoutes } from './staff/staff.routes';

/** All routes of the shop. A file of routes is a line here. */
export function registerRoutes(dependencies: Dependencies): readonly RegisteredRoute[] {
  const root = publicRouter('');
  const shop = publicRouter();
  const customers = customerRouter(dependencies);
  const staff = staffRouter(dependencies);
  const webhooks = webhookRouter();
  const carts = createCartChanges(dependencies);

  healthRoutes(root, dependencies);
  jwksRoutes(root, dependencies);
  catalogRoutes(shop, dependencies);
  cartsRoutes(shop, dependencies, carts);
  recipientRoutes(shop, dependencies, carts);
  checkoutRoutes(shop, dependencies);
  ordersRoutes(shop, dependencies);
  codesRoutes(shop, dependencies);
  authRoutes(shop, dependencies);
  sessionsRoutes(customers, dependencies);
  ownOrdersRoutes(customers, dependencies);
  gatewaysRoutes(shop, dependencies);
  geographyRoutes(shop);
  meRoutes(customers, dependencies);
  addressesRoutes(customers, dependencies);
  numberChangesRoutes(customers, dependencies);
  personalDataRoutes(customers, dependencies);
  paymentResultRoutes(shop, dependencies);
  paymentCallbackRoutes(webhooks, dependencies);
  smsReportRoutes(webhooks, dependencies);
  operationsRoutes(staff, dependencies);
  smsRoutes(staff, dependencies);
  factorsRoutes(shop, dependencies);
  factorProofsRoutes(customers, dependencies);
  staffRoutes(staff, dependencies);
  staffActionsRoutes(staff, dependencies);
  customersRoutes(staff, dependencies);

  return [root, shop, customers, webhooks, staff].flatMap(({ routes }) => routes);
}
