import type { ChatActor } from '../../entities/chat/room-access';
import type { Answer } from '../../realtime/registry';
import { liveToken, type LiveClient, type OpenRealtime } from '../support/open-realtime';

/** What names a person to others. */
export const idOf = ({ accountId }: ChatActor): { accountId: string } => ({ accountId });

/** Joins `/chat` at a node as somebody who has signed in. */
export function enterAt(node: OpenRealtime, { accountId, sessionId }: ChatActor): Promise<LiveClient> {
  return node.connect('/chat', { token: liveToken({ accountId, sessionId, generation: 1 }) });
}

/** `ok`, or the code of the refusal. */
export const codeOf = (answer: Answer<Record<string, unknown>>): string =>
  answer.ok ? 'ok' : answer.problem.code;
