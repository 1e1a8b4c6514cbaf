import { doDeed } from './buyer';
import { returnsAfter } from './deeds';
import type { Sandbox } from './sandbox';

/** Lets the automatic buyer, where one is switched on, act on a session that was just requested. */
export function meetBuyer(sandbox: Sandbox, authority: string | undefined): void {
  const { autoPay, autoPayAfterMs } = sandbox.switches();
  if (authority === undefined || autoPay !== 'on-request') return;
  setTimeout(() => void actByItself(sandbox, authority), autoPayAfterMs).unref();
}

/** After a restart: sessions that waited for the automatic buyer meet it now. */
export function meetBuyerAgain(sandbox: Sandbox): void {
  if (sandbox.switches().autoPay !== 'on-request') return;
  for (const session of sandbox.sessions.all()) {
    if (session.state === 'ACTIVE') meetBuyer(sandbox, session.authority);
  }
}

async function actByItself(sandbox: Sandbox, authority: string): Promise<void> {
  const session = sandbox.sessions.find(authority);
  // Somebody else was faster, or the sandbox was emptied or closed meanwhile.
  if (session?.state !== 'ACTIVE' || sandbox.isClosed()) return;
  const deed = sandbox.switches().autoPayOutcome;
  const { session: acted, status } = doDeed(sandbox, session, deed);
  sandbox.flush();
  const copies = returnsAfter(deed);
  if (copies > 0) await sandbox.callbacks.send(acted, status, { copies });
}
