import type { StaffCalls } from './staff-call';

/** Figures that are counted again. */
export const analyticsCalls = (): StaffCalls => ({
  'POST /analytics/rebuild': () => ({ body: { from: '2026-11-01' } }),
});
