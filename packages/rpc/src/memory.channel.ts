import { common } from '@postern/errors';
import type { Channel } from './channel.ts';
import type { Incoming } from './dispatcher.ts';
import { encodeError, type Reply } from './status.codec.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';

/** A channel to a server of the same process: no socket, but the same bytes, metadata, deadlines and errors. */
export function createMemoryChannel(serve: (incoming: Incoming) => Promise<Reply>): Channel {
  return {
    async unary(path, request, { metadata, deadline, signal }) {
      if (request.length > MAX_MESSAGE_BYTES) return encodeError(common.RESOURCE_EXHAUSTED());
      const abort = new AbortController();
      const onAbort = () => abort.abort(common.CANCELLED());
      if (signal?.aborted) onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        const reply = await serve({ path, transport: 'memory', request, metadata, deadline, abort });
        return reply.body.length > MAX_MESSAGE_BYTES ? encodeError(common.RESOURCE_EXHAUSTED()) : reply;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    close: () => undefined,
  };
}
