import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { EndSession } from './end-session.ts';

/** Serves forms of clients, and the page that asks the person. */
export function createEndSessionRpc(endSession: Pick<EndSession, 'byForm' | 'confirmed'>): BoundService {
  return bind(providers.EndSessionServiceDefinition, {
    endSessionByForm: async (request, call) => {
      call.response.redirect(endSession.byForm(request), 303);
      call.response.header('cache-control', 'no-store');
      return { content_type: 'text/plain', data: Buffer.alloc(0), extensions: [] };
    },
    confirmEndSession: async (request, call) => ({ to: await endSession.confirmed(request, call) }),
  });
}
