import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The first message of a child process; rejects when it ends without a word. */
export async function firstMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`a child process ended with ${code} before it said anything`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  return message;
}
