/** Refusals of purchasing. */
export const PURCHASING_ERRORS = {
  'suppliers.not_found': { status: 404, title: 'There is no such supplier.' },
  'suppliers.version_moved': { status: 412, title: 'Somebody has changed the supplier meanwhile.' },
  'suppliers.variant_unknown': { status: 422, title: 'There is no such variant.' },
  'suppliers.location_unknown': { status: 422, title: 'There is no such location.' },
  'suppliers.paused': { status: 409, title: 'The supplier is paused: nothing new is ordered from it.' },
  'suppliers.item_unknown': { status: 422, title: 'The supplier does not sell this variant.' },
  'suppliers.pack_broken': { status: 422, title: 'Only whole packs are ordered.' },
  'suppliers.below_minimum_order': { status: 422, title: 'The supplier takes no order of so few units.' },
  'suppliers.cost_reserved': {
    status: 403,
    title: 'Only an admin says what goods cost, and renames goods that keep their cost.',
  },
  'suppliers.sku_taken': { status: 409, title: 'The supplier uses this SKU for another variant.' },
  'suppliers.address_invalid': { status: 422, title: 'The address does not fit the channel.' },
  'suppliers.reply_unreadable': {
    status: 422,
    title: 'The reply has not the form of a Standard Webhook about an order.',
  },
  'suppliers.no_secret': { status: 409, title: 'The channel of this supplier has no secret.' },
  'purchase_orders.not_found': { status: 404, title: 'There is no such purchase order.' },
  'purchase_orders.not_collecting': { status: 409, title: 'The order collects no lines any more.' },
  'purchase_orders.not_awaiting_approval': { status: 409, title: 'The order awaits no approval.' },
  'purchase_orders.own_approval': {
    status: 403,
    title: 'Somebody else must approve this order: you are one of its authors.',
  },
  'purchase_orders.not_cancellable': { status: 409, title: 'The order cannot be cancelled any more.' },
  'purchase_orders.not_ordered': { status: 409, title: 'The supplier has not got this order yet.' },
  'purchase_orders.nothing_to_send': {
    status: 409,
    title: 'The supplier has got everything that this order has to say.',
  },
  'purchase_orders.not_open': { status: 409, title: 'Nothing of this order is expected.' },
  'purchase_orders.line_unknown': { status: 422, title: 'The order has no line for this variant.' },
  'purchase_orders.line_empty': { status: 422, title: 'A line of the receipt has no units.' },
  'purchase_orders.too_many_units': {
    status: 422,
    title: 'A line would have more units than an order may have.',
  },
  'purchase_orders.too_valuable': {
    status: 422,
    title: 'A line would be worth more than an order may be.',
  },
  'purchase_orders.too_many_receipts': {
    status: 409,
    title: 'An order has no more receipts: report what comes later in another order.',
  },
  'purchase_orders.receipt_differs': {
    status: 422,
    title: 'A receipt with this id was booked with other content.',
  },
} as const;
