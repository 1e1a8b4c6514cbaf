export const PURCHASING_SWEEP_WORKFLOW = 'purchasingSweep';
