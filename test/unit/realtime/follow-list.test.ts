import { expect, test } from 'vitest';

import { AppError } from '../../../entities/errors';
import type { SocketContext } from '../../../realtime/registry';
import { followList } from '../../../realtime/subscribe-to';

/** A socket that may be in so many rooms. */
function socketIn(rooms: readonly string[], limit = 10) {
  const joined = new Set(rooms);
  const context = {
    isIn: (room: string) => joined.has(room),
    join(room: string) {
      if (joined.size >= limit) throw new AppError('socket.rooms_too_many', { limit });
      joined.add(room);
    },
    leave: (room: string) => joined.delete(room),
  } as unknown as SocketContext;
  return { context, joined };
}

test('a list is followed while it is read', async () => {
  const { context, joined } = socketIn([]);
  expect(await followList(context, ['a', 'b'], () => Promise.resolve([...joined]))).toEqual(['a', 'b']);
  expect([...joined]).toEqual(['a', 'b']);
});

test('a list that cannot be read is not followed, unless it was before', async () => {
  const { context, joined } = socketIn(['a']);
  await expect(followList(context, ['a', 'b'], () => Promise.reject(new Error('away')))).rejects.toThrow(
    'away',
  );
  expect([...joined]).toEqual(['a']);
});

test('a list of several rooms is followed in all of them or in none', async () => {
  const { context, joined } = socketIn(['x'], 2);
  await expect(followList(context, ['a', 'b'], () => Promise.resolve([]))).rejects.toThrow(AppError);
  expect([...joined]).toEqual(['x']);
});
