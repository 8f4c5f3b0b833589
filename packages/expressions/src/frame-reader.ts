import { HEAD, type Head, readHead } from './child/frames.ts';

/** Cuts a stream of bytes into frames. A body is put together once, however many pieces it came in. */
export function createFrameReader({
  most,
  onFrame,
}: {
  /** Bytes that a body may have; a longer one is an error. */
  most: number;
  onFrame: (head: Head, body: Buffer) => void;
}): (chunk: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  let head: Head | undefined;

  const take = (count: number): Buffer => {
    const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
    pieces = all.length > count ? [all.subarray(count)] : [];
    held -= count;
    return all.subarray(0, count);
  };

  return (chunk) => {
    pieces.push(chunk);
    held += chunk.length;
    for (;;) {
      if (head === undefined) {
        if (held < HEAD) return;
        head = readHead(take(HEAD));
        if (head.length > most) throw new RangeError(`A frame of ${head.length} bytes is too long.`);
      }
      if (held < head.length) return;
      const complete = head;
      head = undefined;
      onFrame(complete, take(complete.length));
    }
  };
}
