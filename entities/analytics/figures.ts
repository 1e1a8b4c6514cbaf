import type { TrackedName } from './tracking.input';

/** Where figures come from, each with what it counts. Money and orders come from the journal, never from browsers. */
export const FIGURES_OF = {
  orders: ['orders', 'paid_orders', 'revenue', 'refunded', 'payments_tried', 'payments_succeeded'],
  sms: ['sms_tried', 'sms_succeeded', 'campaign_tried', 'campaign_succeeded'],
  tracking: ['visitors', 'page_views', 'product_views', 'searches', 'carts_filled', 'checkouts_begun'],
} as const;

/** What has rows of which figures are counted, and counted again. */
export type FigureSource = keyof typeof FIGURES_OF;
export const FIGURE_SOURCES = Object.keys(FIGURES_OF) as readonly FigureSource[];

/** How much there was when somebody last looked. Rows do not tell it of the past, so it is never counted again. */
export const LEVELS = ['low_stock', 'open_tickets', 'attention'] as const;
export type Level = (typeof LEVELS)[number];

/** What `analytics_days` counts. */
export type CountedFigure = (typeof FIGURES_OF)[FigureSource][number] | Level;

/** The figure that an event of a browser counts in, beside the visitors. */
export const FIGURE_OF_EVENT: Readonly<Record<TrackedName, CountedFigure>> = {
  page_view: 'page_views',
  product_view: 'product_views',
  search: 'searches',
  add_to_cart: 'carts_filled',
  checkout_begun: 'checkouts_begun',
};

/** A figure as staff ask for it: what is counted, and what it is a part of. */
interface Figure {
  readonly counted: CountedFigure;
  readonly of?: CountedFigure;
}

/** Every figure of the history. Revenue is gross: nothing is taken off for refunds, which are a figure of their own. */
export const FIGURES = {
  orders: { counted: 'orders' },
  paid_orders: { counted: 'paid_orders' },
  revenue: { counted: 'revenue' },
  refunded: { counted: 'refunded' },
  visitors: { counted: 'visitors' },
  conversion: { counted: 'paid_orders', of: 'visitors' },
  payment_success: { counted: 'payments_succeeded', of: 'payments_tried' },
  sms_success: { counted: 'sms_succeeded', of: 'sms_tried' },
  campaign_success: { counted: 'campaign_succeeded', of: 'campaign_tried' },
  page_views: { counted: 'page_views' },
  product_views: { counted: 'product_views' },
  searches: { counted: 'searches' },
  carts_filled: { counted: 'carts_filled' },
  checkouts_begun: { counted: 'checkouts_begun' },
  low_stock: { counted: 'low_stock' },
  open_tickets: { counted: 'open_tickets' },
  attention: { counted: 'attention' },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as readonly FigureName[];

export const figureOf = (name: FigureName): Figure => FIGURES[name];
