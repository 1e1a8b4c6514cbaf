import type { StaffCalls } from './staff-call';

/** Public answers that are kept. */
export const cacheCalls = (): StaffCalls => ({
  'POST /cache/warm': () => ({ needsTemporal: true }),
  'POST /cache/invalidations': () => ({ body: { tags: ['products'] } }),
});
