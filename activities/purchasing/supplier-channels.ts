import type { SupplierChannelKind } from '../../entities/purchasing/supplier';
import type { SupplierSecrets } from '../../entities/purchasing/supplier-secrets';
import type { PurchasingConfig } from '../../platform/config/purchasing';
import { createEmailChannel, noEmail } from './email-channel';
import { manualChannel, type SupplierChannel } from './supplier-channel';
import { createWebhookChannel } from './webhook-channel';

/** The ways to tell suppliers, as configured. */
export function createSupplierChannels(
  { supplierPublicOnly, supplierTimeoutMs, smtpUrl, smtpFrom }: PurchasingConfig,
  secrets: SupplierSecrets,
  replyUrl: (supplierId: string) => string,
): Readonly<Record<SupplierChannelKind, SupplierChannel>> {
  const timeoutMs = supplierTimeoutMs;
  return {
    webhook: createWebhookChannel({ secrets, timeoutMs, publicOnly: supplierPublicOnly, replyUrl }),
    email: smtpUrl === undefined ? noEmail : createEmailChannel({ smtpUrl, from: smtpFrom, timeoutMs }),
    manual: manualChannel,
  };
}
