/** Refusals of campaigns. */
export const CAMPAIGN_ERRORS = {
  'campaigns.not_found': { status: 404, title: 'There is no such campaign.' },
  'campaigns.version_moved': { status: 412, title: 'Somebody has changed the campaign meanwhile.' },
  'campaigns.not_draft': { status: 409, title: 'Only a draft can be changed.' },
  'campaigns.over': { status: 409, title: 'The campaign is over.' },
  'campaigns.not_running': { status: 409, title: 'Only a running campaign can be paused.' },
  'campaigns.not_paused': { status: 409, title: 'Only a paused campaign can be resumed.' },
  'campaigns.code_template': { status: 422, title: 'A campaign cannot send the template of a code.' },
  'campaigns.no_link': {
    status: 422,
    title: 'The template has no place for the link by which people end these messages.',
  },
  'campaigns.hours_empty': { status: 422, title: 'A campaign is sent from an hour to a later one.' },
  'campaigns.filter_misplaced': {
    status: 422,
    title: 'A filter goes with the audience `filter`, and only with it.',
  },
  'campaigns.table_unreadable': { status: 422, title: 'The table cannot be read.' },
  'campaigns.no_table': { status: 409, title: 'The table of numbers is missing.' },
  'campaigns.takes_no_table': {
    status: 409,
    title: 'The recipients of this campaign are found by a filter.',
  },
  'campaigns.nobody': { status: 409, title: 'Nobody would get this campaign.' },
  'campaigns.too_many': { status: 409, title: 'More people would get this campaign than one may have.' },
  'campaigns.approval_needed': {
    status: 409,
    title: 'So many recipients need the approval of a second person.',
  },
  'campaigns.own_approval': {
    status: 403,
    title: 'Somebody else must approve this campaign: you have written it.',
  },
  'campaigns.budget_spent': { status: 409, title: 'The next message would cost more than the campaign may.' },
  'campaigns.starts_late': { status: 422, title: 'A campaign starts within the next 90 days.' },
  'campaigns.link_unknown': { status: 404, title: 'This link is not, or no longer, known.' },
} as const;
