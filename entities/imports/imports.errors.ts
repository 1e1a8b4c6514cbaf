/** Refusals of imports. */
export const IMPORT_ERRORS = {
  'import.not_found': { status: 404, title: 'There is no such import.' },
  'import.refused': {
    status: 422,
    title: 'Nothing was imported: the table has lines that cannot be booked.',
  },
} as const;
