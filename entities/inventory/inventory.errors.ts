/** Refusals of what staff do with stock. */
export const INVENTORY_ERRORS = {
  'stock.location_not_found': { status: 404, title: 'There is no such location.' },
  'stock.location_changed': {
    status: 412,
    title: 'The location has changed since: read it again and repeat the change.',
  },
  'stock.location_code_taken': { status: 409, title: 'Another location has this code.' },
  'stock.quarantine_sells': { status: 422, title: 'A location for goods in quarantine does not sell.' },
  'stock.level_not_found': { status: 404, title: 'There was never stock of this at this location.' },
  'stock.variant_retired': {
    status: 409,
    title: 'The variant is retired: nothing of it is received. Returns and corrections are booked.',
  },
  'stock.moved': {
    status: 409,
    title: 'The stock has changed since it was seen: look again, then set it.',
  },
  'stock.below_reserved': {
    status: 409,
    title: 'Orders hold more units than would be left: those orders come first.',
  },
  'stock.too_many_units': { status: 422, title: 'No level holds so many units.' },
  'stock.cursor_invalid': { status: 422, title: 'The cursor is not one of this list.' },
} as const;
