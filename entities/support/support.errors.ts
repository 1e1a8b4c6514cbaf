/** Refusals of tickets and of what is promised for them. */
export const SUPPORT_ERRORS = {
  'ticket.not_found': { status: 404, title: 'There is no such ticket, or it belongs to somebody else.' },
  'ticket.too_many_open': { status: 409, title: 'There are too many open tickets: write on one of them.' },
  'ticket.transition': { status: 409, title: 'A ticket cannot come from its status to this one.' },
  'ticket.closed': {
    status: 409,
    title: 'The ticket is closed. An answer of its customer opens another one.',
  },
  'ticket.assigned_otherwise': { status: 409, title: 'Somebody else has assigned the ticket meanwhile.' },
  'ticket.assignee_unfit': { status: 422, title: 'This person does not answer tickets.' },
  'ticket.own': {
    status: 403,
    title: 'Nobody works on their own ticket. Its customer answers it under /support/tickets.',
  },
  'ticket.not_resolved': { status: 409, title: 'Only a resolved ticket can be rated.' },
  'ticket.rated_already': { status: 409, title: 'This resolution was rated already.' },
  'ticket.client_id_reused': {
    status: 422,
    title: 'A message with this client id was already sent with another content.',
  },
  'sla_target.changed': { status: 412, title: 'Somebody has changed the targets meanwhile.' },
  'canned_answer.not_found': { status: 404, title: 'The team has no canned answer with this code.' },
  'canned_answer.changed': { status: 412, title: 'Somebody has changed the canned answer meanwhile.' },
  'canned_answer.too_many': { status: 409, title: 'The team has as many canned answers as it can have.' },
  'canned_answer.variables': {
    status: 422,
    title: 'Both texts must have the declared variables, and an answer a value for each and no other.',
  },
} as const;
