export { checkout } from './checkout/checkout.workflow';
export { paymentSweep } from './payments/payment-sweep.workflow';
