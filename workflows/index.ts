export { checkout } from './checkout/checkout.workflow';
export { numberChange } from './customers/number-change.workflow';
export { catalogImport, catalogImportSweep } from './imports/catalog-import.workflow';
export { stockAlert } from './inventory/stock-alert.workflow';
export { paymentSweep } from './payments/payment-sweep.workflow';
export { picture, pictureSweep } from './pictures/picture.workflow';
export { smsDelivery } from './sms/sms-delivery.workflow';
export { smsSweep } from './sms/sms-sweep.workflow';
export { verification } from './verification/verification.workflow';
