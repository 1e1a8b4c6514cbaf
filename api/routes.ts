import { cartsRoutes } from './carts/carts.routes';
import { catalogRoutes } from './catalog/catalog.routes';
import { checkoutRoutes } from './checkout/checkout.routes';
import type { Dependencies } from './dependencies';
import { healthRoutes } from './health/health.routes';
import { operationsRoutes } from './operations/operations.routes';
import { ordersRoutes } from './orders/orders.routes';
import { gatewaysRoutes } from './payments/gateways.routes';
import { paymentCallbackRoutes, paymentResultRoutes } from './payments/payments.routes';
import type { RegisteredRoute } from './router';
import { publicRouter, staffRouter, webhookRouter } from './router-kinds';
import { smsReportRoutes } from './sms/sms-report.routes';
import { smsRoutes } from './sms/sms.routes';

/** All routes of the shop. A file of routes is a line here. */
export function registerRoutes(dependencies: Dependencies): readonly RegisteredRoute[] {
  const health = publicRouter('');
  const shop = publicRouter();
  const staff = staffRouter(dependencies.apiConfig.staffTokens);
  const webhooks = webhookRouter();

  healthRoutes(health, dependencies);
  catalogRoutes(shop, dependencies);
  cartsRoutes(shop, dependencies);
  checkoutRoutes(shop, dependencies);
  ordersRoutes(shop, dependencies);
  gatewaysRoutes(shop, dependencies);
  paymentResultRoutes(shop, dependencies);
  paymentCallbackRoutes(webhooks, dependencies);
  smsReportRoutes(webhooks, dependencies);
  operationsRoutes(staff, dependencies);
  smsRoutes(staff, dependencies);

  return [health, shop, webhooks, staff].flatMap(({ routes }) => routes);
}
