import type { AttemptState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import type { CheckoutCalls } from '../../temporal/checkout';
import type { CheckoutTiming, OrderRequest } from '../../workflows/checkout/checkout.contract';
import { buildReadyCart } from '../support/factories/orders';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { workflowOf } from '../support/workflow';
import type { WorkflowShop } from './workflow-shop';

/** What a buyer asks for other than one of ten units at 250,000 rial. */
export interface RequestOverrides {
  readonly price?: number;
  readonly stock?: number;
  readonly variant?: StockedVariant;
  /** None for an empty cart. */
  readonly units?: number;
  /** Otherwise what the cart costs. */
  readonly expectedTotal?: number;
}

/** A buyer's request to order, each time from another cart. */
export async function buildRequest(
  { database }: Pick<WorkflowShop, 'database'>,
  { units = 1, expectedTotal, ...overrides }: RequestOverrides = {},
): Promise<OrderRequest> {
  const { price = 250_000, stock = 10 } = overrides;
  const variant = overrides.variant ?? (await buildStockedVariant(database, { price, stock }));
  const lines = units === 0 ? [] : [{ variant, quantity: units }];
  const placing = await buildReadyCart(database, lines);
  const { orderId: _, payableMs: __, holdGraceMs: ___, ...request } = placing;
  return expectedTotal === undefined ? request : { ...request, expectedTotal };
}

/** An order whose workflow runs, and the API's calls that its buyer uses. */
export interface RunningOrder {
  readonly orderId: string;
  readonly calls: CheckoutCalls;
  readonly placed: Awaited<ReturnType<CheckoutCalls['place']>>;
  /** Its first attempt as it stood after placing. */
  readonly first: AttemptState;
  readonly workflow: ReturnType<typeof workflowOf>;
}

/** Places an order through its workflow. */
export async function buildRunningOrder(
  shop: WorkflowShop,
  { timing, ...request }: RequestOverrides & { readonly timing?: Partial<CheckoutTiming> } = {},
): Promise<RunningOrder> {
  const orderId = newId();
  const calls = shop.calls(timing);
  const placed = await calls.place(orderId, await buildRequest(shop, request));
  const { attempts } = await shop.order(orderId);
  return { orderId, calls, placed, first: attempts[0]!, workflow: workflowOf(shop, orderId) };
}
