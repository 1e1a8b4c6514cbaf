/** Where a supplier sends its replies to orders. */
export function replyAddress(publicUrl: string, supplierId: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/webhooks/suppliers/${supplierId}`;
}
