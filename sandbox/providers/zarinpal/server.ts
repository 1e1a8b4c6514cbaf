import { startProvider, type RunningProvider, type StartOptions } from '../../kit/start-provider';
import { zarinpalProvider } from './provider';

/** A running Zarinpal. */
export type ZarinpalSandbox = RunningProvider;

/** Starts a local Zarinpal. Rejects when the port is taken. */
export function startZarinpalSandbox({
  sessionLimit,
  ...options
}: StartOptions & { readonly sessionLimit?: number | undefined }): Promise<ZarinpalSandbox> {
  return startProvider(zarinpalProvider(sessionLimit), options);
}
