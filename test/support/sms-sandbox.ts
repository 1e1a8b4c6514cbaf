import type { Provider } from '../../sandbox/kit/provider';
import { startProvider } from '../../sandbox/kit/start-provider';
import type { InboxMessage, InboxSource } from '../../sandbox/providers/sms/inbox-message';
import { eventually } from './eventually';

/** A running sandbox of an SMS provider, with what all of them have. */
export interface SmsSandbox {
  readonly url: string;
  /** What phones show, newest first. */
  inbox(to: string): InboxMessage[];
  /** The same of all phones. */
  messages(): readonly InboxMessage[];
  /** Throws when the sandbox refuses. */
  control(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<unknown>;
  /** Spoils the next call that fits. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** Waits until every fault has struck. */
  untilStruck(): Promise<void>;
  advance(ms: number): Promise<void>;
  /** Removes faults and resets clock and switches. */
  recover(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it on a free port. */
export async function startSmsSandbox(provider: Provider & InboxSource): Promise<SmsSandbox> {
  const { url, stop } = await startProvider(provider, { port: 0 });
  const control: SmsSandbox['control'] = async (method, path, body = {}) => {
    const init = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${url}/_sandbox/${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as unknown;
  };
  return {
    url,
    control,
    stop,
    messages: () => provider.messages(),
    inbox: (to) => provider.messages().filter((message) => message.to === to),
    async fault(fault) {
      await control('POST', 'faults', fault);
    },
    async untilStruck() {
      await eventually(
        async () => (await (await fetch(`${url}/_sandbox/faults`)).json()) as { faults: unknown[] },
        ({ faults }) => faults.length === 0,
      );
    },
    async advance(ms) {
      await control('POST', 'clock', { advanceMs: ms });
    },
    async recover() {
      await control('DELETE', 'faults');
      await control('POST', 'clock', { reset: true });
      await control('DELETE', 'switches');
    },
  };
}
