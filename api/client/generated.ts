// Written by `npm run openapi` from api/openapi/openapi.json. Change the routes, not this file.
/* eslint-disable */

export interface AcknowledgeInput {
  readonly version: number;
}

export interface AddLineInput {
  readonly variantId: string;
  readonly quantity: number;
}

export type CancelInput = Readonly<Record<string, never>>;

export interface CartChangeView {
  readonly variantId: string;
  readonly kind: "price" | "availability" | "not_sellable";
  readonly was: number;
  readonly is: number;
}

export interface CartLineView {
  readonly variantId: string;
  readonly sku: string;
  readonly title: string;
  readonly product: CartProductView;
  readonly imageUrl: string | null;
  readonly quantity: number;
  readonly unitPrice: MoneyView;
  readonly total: MoneyView;
  readonly sellable: boolean;
  readonly available: number;
}

export interface CartProductView {
  readonly slug: string;
  readonly title: string;
}

export interface CartView {
  readonly version: number;
  readonly lines: readonly CartLineView[];
  readonly units: number;
  readonly total: MoneyView;
  readonly changes: readonly CartChangeView[];
  readonly orderable: boolean;
  readonly updatedAt: string;
}

export interface CategoryNameView {
  readonly slug: string;
  readonly title: string;
}

export interface CategoryView {
  readonly slug: string;
  readonly title: string;
  readonly children: readonly CategoryView[];
}

export interface CheckoutBody {
  readonly expectedTotal: MoneyView;
  readonly gateway?: string;
}

export interface CheckoutView {
  readonly order: OrderView;
  readonly payment: PaymentPageView;
  readonly orderToken: string;
}

export interface FieldErrorView {
  readonly in: "body" | "query" | "path" | "header";
  readonly field: string;
  readonly rule: string;
  readonly detail: string;
}

export interface InvariantsView {
  readonly healthy: boolean;
  readonly checkedAt: string;
  readonly invariants: number;
  readonly violations: readonly ViolationView[];
}

export interface LiveView {
  readonly status: "live";
}

export interface MoneyView {
  readonly amount: number;
  readonly currency: "IRR";
}

export interface OpenPaymentInput {
  readonly gateway?: string;
}

export interface OpenedCartView {
  readonly token: string;
  readonly cart: CartView;
}

export interface OrderDetailView {
  readonly order: OrderView;
  readonly lines: readonly OrderLineView[];
  readonly payment: PaymentPageView;
}

export interface OrderEventView {
  readonly version: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: string;
}

export interface OrderEventsView {
  readonly events: readonly OrderEventView[];
  readonly next: number | null;
}

export interface OrderLineView {
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: MoneyView;
}

export interface OrderView {
  readonly id: string;
  readonly number: number;
  readonly status: "awaiting_payment" | "placed" | "expired" | "cancelled";
  readonly paymentStatus: "unpaid" | "paid" | "partly_refunded" | "refunded";
  readonly total: MoneyView;
  readonly units: number;
  readonly createdAt: string;
  readonly paymentDeadline: string;
  readonly version: number;
}

export interface PaymentCallbackView {
  readonly resultToken: string;
  readonly status: "paid" | "pending" | "unpaid" | "refused" | "owed" | "refunded";
  readonly amount: MoneyView;
}

export interface PaymentPageView {
  readonly attemptId: string | null;
  readonly gateway: string | null;
  readonly redirect: string | null;
  readonly payableUntil: string | null;
  readonly reason: "gateway_unavailable" | "payment_pending" | "not_payable" | null;
}

export interface PaymentResultView {
  readonly status: "paid" | "pending" | "unpaid" | "refused" | "owed" | "refunded";
  readonly amount: MoneyView;
}

export interface ProblemView {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: "request.invalid" | "request.malformed" | "request.too_large" | "request.unsupported_media_type" | "request.idempotency_key_missing" | "request.idempotency_key_reused" | "request.too_many" | "route.not_found" | "route.method_not_allowed" | "access.token_missing" | "access.token_invalid" | "access.forbidden" | "service.unavailable" | "service.failed" | "catalog.product_not_found" | "catalog.category_not_found" | "catalog.variant_not_found" | "catalog.cursor_invalid" | "cart.not_found" | "cart.line_not_found" | "cart.line_limit" | "cart.quantity_limit" | "cart.variant_not_sellable" | "cart.empty" | "checkout.cart_changed" | "checkout.price_changed" | "checkout.not_sellable" | "checkout.out_of_stock" | "checkout.order_open" | "checkout.too_many_open_orders" | "checkout.unit_limit" | "checkout.amount_too_small" | "checkout.amount_too_large" | "order.not_found" | "order.not_cancellable" | "order.verifying" | "order.not_awaiting_payment" | "order.lost" | "payment.attempt_limit" | "payment.too_late" | "payment.not_found" | "payment.gateway_unknown" | "payment.reference_taken" | "payment.result_invalid";
  readonly requestId: string;
  readonly errors?: readonly FieldErrorView[];
}

export interface ProductListView {
  readonly items: readonly ProductSummaryView[];
  readonly nextCursor: string | null;
  readonly match: "exact" | "similar";
}

export interface ProductSummaryView {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly brand: string;
  readonly imageUrl: string | null;
  readonly category: CategoryNameView;
  readonly priceFrom: MoneyView;
  readonly priceTo: MoneyView;
  readonly inStock: boolean;
}

export interface ProductView {
  readonly description: string;
  readonly imageUrls: readonly string[];
  readonly categories: readonly CategoryNameView[];
  readonly variants: readonly VariantView[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly brand: string;
  readonly imageUrl: string | null;
  readonly category: CategoryNameView;
  readonly priceFrom: MoneyView;
  readonly priceTo: MoneyView;
  readonly inStock: boolean;
}

export interface ReadyView {
  readonly status: "ready" | "degraded" | "not_ready";
  readonly away: readonly string[];
}

export interface SetQuantityInput {
  readonly quantity: number;
}

export interface VariantView {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly price: MoneyView;
  readonly inStock: boolean;
  readonly available: number;
}

export interface ViolationView {
  readonly invariant: string;
  readonly sentence: string;
  readonly count: number;
  readonly rows: readonly (Readonly<Record<string, unknown>>)[];
}

/** What each operation takes and what it answers. */
export interface Operations {
  /** Whether the process lives. */
  readonly getHealthLive: { readonly request: object; readonly answer: LiveView };
  /** Whether the process should get requests. */
  readonly getHealthReady: { readonly request: object; readonly answer: ReadyView };
  /** The tree of categories. */
  readonly getCategories: { readonly request: object; readonly answer: readonly CategoryView[] };
  /** Published products: browse, filter, sort, search. */
  readonly getProducts: { readonly request: { readonly query?: { readonly 'q'?: string; readonly 'category'?: string; readonly 'minPrice'?: number; readonly 'maxPrice'?: number; readonly 'inStock'?: boolean; readonly 'sort'?: "newest" | "price" | "-price" | "best"; readonly 'limit'?: number; readonly 'cursor'?: string } }; readonly answer: ProductListView };
  /** One product with its variants and how many can be had of each. */
  readonly getProductsBySlug: { readonly request: { readonly path: { readonly 'slug': string } }; readonly answer: ProductView };
  /** Open an empty cart. */
  readonly postCarts: { readonly request: object; readonly answer: OpenedCartView };
  /** The cart with what changed in it. */
  readonly getCartsCurrent: { readonly request: { readonly headers: { readonly 'X-Cart-Token': string } }; readonly answer: CartView };
  /** Add units of a variant. */
  readonly postCartsCurrentLines: { readonly request: { readonly headers: { readonly 'X-Cart-Token': string }; readonly body: AddLineInput }; readonly answer: CartView };
  /** Remove all lines. */
  readonly deleteCartsCurrentLines: { readonly request: { readonly headers: { readonly 'X-Cart-Token': string } }; readonly answer: CartView };
  /** Set how many units of a variant the cart holds, also when it held none. */
  readonly putCartsCurrentLinesByVariantId: { readonly request: { readonly path: { readonly 'variantId': string }; readonly headers: { readonly 'X-Cart-Token': string }; readonly body: SetQuantityInput }; readonly answer: CartView };
  /** Remove a line. */
  readonly deleteCartsCurrentLinesByVariantId: { readonly request: { readonly path: { readonly 'variantId': string }; readonly headers: { readonly 'X-Cart-Token': string } }; readonly answer: CartView };
  /** Say that the present prices were seen. */
  readonly postCartsCurrentAcknowledgements: { readonly request: { readonly headers: { readonly 'X-Cart-Token': string }; readonly body: AcknowledgeInput }; readonly answer: CartView };
  /** Order the cart. */
  readonly postCheckout: { readonly request: { readonly headers: { readonly 'Idempotency-Key': string; readonly 'X-Cart-Token': string }; readonly body: CheckoutBody }; readonly answer: CheckoutView };
  /** Read an order. */
  readonly getOrdersById: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'X-Order-Token': string } }; readonly answer: OrderDetailView };
  /** Read what happened to an order. */
  readonly getOrdersByIdEvents: { readonly request: { readonly path: { readonly 'id': string }; readonly query?: { readonly 'after'?: number; readonly 'limit'?: number }; readonly headers: { readonly 'X-Order-Token': string } }; readonly answer: OrderEventsView };
  /** Open another payment page. */
  readonly postOrdersByIdPayments: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'X-Order-Token': string }; readonly body: OpenPaymentInput }; readonly answer: CheckoutView };
  /** Cancel an order that awaits payment. */
  readonly postOrdersByIdCancel: { readonly request: { readonly path: { readonly 'id': string }; readonly headers: { readonly 'Idempotency-Key': string; readonly 'X-Order-Token': string }; readonly body: CancelInput }; readonly answer: CheckoutView };
  /** Read the result of a payment. */
  readonly getPaymentsResultsByToken: { readonly request: { readonly path: { readonly 'token': string } }; readonly answer: PaymentResultView };
  /** A buyer comes back from a gateway. */
  readonly getPaymentsByGatewayCallback: { readonly request: { readonly path: { readonly 'gateway': string } }; readonly answer: PaymentCallbackView };
  /** A buyer comes back from a gateway. */
  readonly postPaymentsByGatewayCallback: { readonly request: { readonly path: { readonly 'gateway': string } }; readonly answer: PaymentCallbackView };
  /** Whether every invariant of the shop holds. */
  readonly getOperationsInvariants: { readonly request: { readonly headers: { readonly 'Authorization': `Bearer ${string}` } }; readonly answer: InvariantsView };
}

export const OPERATIONS = {
  getHealthLive: { method: 'GET', path: '/health/live' },
  getHealthReady: { method: 'GET', path: '/health/ready' },
  getCategories: { method: 'GET', path: '/api/v1/categories' },
  getProducts: { method: 'GET', path: '/api/v1/products' },
  getProductsBySlug: { method: 'GET', path: '/api/v1/products/{slug}' },
  postCarts: { method: 'POST', path: '/api/v1/carts' },
  getCartsCurrent: { method: 'GET', path: '/api/v1/carts/current' },
  postCartsCurrentLines: { method: 'POST', path: '/api/v1/carts/current/lines' },
  deleteCartsCurrentLines: { method: 'DELETE', path: '/api/v1/carts/current/lines' },
  putCartsCurrentLinesByVariantId: { method: 'PUT', path: '/api/v1/carts/current/lines/{variantId}' },
  deleteCartsCurrentLinesByVariantId: { method: 'DELETE', path: '/api/v1/carts/current/lines/{variantId}' },
  postCartsCurrentAcknowledgements: { method: 'POST', path: '/api/v1/carts/current/acknowledgements' },
  postCheckout: { method: 'POST', path: '/api/v1/checkout' },
  getOrdersById: { method: 'GET', path: '/api/v1/orders/{id}' },
  getOrdersByIdEvents: { method: 'GET', path: '/api/v1/orders/{id}/events' },
  postOrdersByIdPayments: { method: 'POST', path: '/api/v1/orders/{id}/payments' },
  postOrdersByIdCancel: { method: 'POST', path: '/api/v1/orders/{id}/cancel' },
  getPaymentsResultsByToken: { method: 'GET', path: '/api/v1/payments/results/{token}' },
  getPaymentsByGatewayCallback: { method: 'GET', path: '/api/v1/payments/{gateway}/callback' },
  postPaymentsByGatewayCallback: { method: 'POST', path: '/api/v1/payments/{gateway}/callback' },
  getOperationsInvariants: { method: 'GET', path: '/api/v1/operations/invariants' },
} as const;
