import type { Channel } from './channel.ts';
import type { Clock } from './clock.ts';
import { FRAME } from './frames.ts';
import type { Python } from './python.ts';

type Frame = NonNullable<ReturnType<Channel['read']>>;

/** The host has gone while Python waited for it. */
class HostGone extends Error {}

/** Answers frames until the host closes the socket. */
export function serve({ channel, clock, python }: { channel: Channel; clock: Clock; python: Python }): void {
  const answers = new Map<number, string>();
  let calls = 0;
  const running: number[] = [];

  const perform = (frame: Frame) => {
    running.push(frame.id);
    const run = frame.kind === FRAME.check ? python.check : python.evaluate;
    const text = clock.limited(frame, () => run(frame.text));
    running.pop();
    channel.write(FRAME.done, frame.id, text);
    // The answer is on its way; what was left changed is put back in the time until the next question.
    if (running.length === 0) python.restore();
  };

  /** Blocks until the host has answered; meanwhile it may ask for further evaluations, which run inside this one. */
  const ask = (text: string): string => {
    const id = ++calls;
    return clock.uncounted(() => {
      channel.write(FRAME.call, id, text, running.at(-1));
      for (;;) {
        const answer = answers.get(id);
        if (answer !== undefined) {
          answers.delete(id);
          return answer;
        }
        const frame = channel.read();
        if (frame === undefined) throw new HostGone();
        if (frame.kind === FRAME.answer) answers.set(frame.id, frame.text);
        else perform(frame);
      }
    });
  };

  python.connect(ask);
  python.settle();
  channel.write(FRAME.ready, 0, '');
  for (let frame = channel.read(); frame !== undefined; frame = channel.read()) perform(frame);
}
