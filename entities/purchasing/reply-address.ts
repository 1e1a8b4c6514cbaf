/** Where a supplier sends its replies to orders. */
export function replyAddress(publicUrl: string, supplierId: string): string {
  return new URL(`/api/v1/webhooks/suppliers/${supplierId}`, publicUrl).href;
}
