import type { StaffCalls } from './staff-call';

/** What is promised for tickets. */
export function supportCalls(): StaffCalls {
  return {
    'PUT /support/sla-targets/:priority': () => ({
      path: '/support/sla-targets/high',
      body: { firstResponseMinutes: 60, nextResponseMinutes: 120, resolutionMinutes: 600 },
      seen: 1,
    }),
  };
}
