import type { StaffCalls } from './staff-call';

/** Days on which suppliers work. */
export const calendarCalls = (): StaffCalls => ({
  'PUT /calendar/days/:day': () => ({
    path: '/calendar/days/2027-03-10',
    body: { holiday: 'Eid al-Fitr' },
  }),
});
