/** Refusals of transfers between locations. */
export const TRANSFER_ERRORS = {
  'transfer.not_found': { status: 404, title: 'There is no such transfer.' },
  'transfer.changed': {
    status: 412,
    title: 'The transfer has changed since: read it again and repeat the change.',
  },
  'transfer.same_location': { status: 422, title: 'A transfer leads to another location.' },
  'transfer.not_draft': { status: 409, title: 'The transfer was shipped or cancelled already.' },
  'transfer.not_in_transit': { status: 409, title: 'The goods of this transfer are not in transit.' },
  'transfer.not_free': {
    status: 409,
    title: 'The location does not have as many units that nobody has reserved.',
  },
  'transfer.line_not_found': { status: 409, title: 'The transfer has no such line.' },
  'transfer.more_than_sent': { status: 409, title: 'More units than are still in transit.' },
  'transfer.unanswered': {
    status: 409,
    title: 'Goods are in transit: say of each line how many units came back and how many are lost.',
  },
} as const;
