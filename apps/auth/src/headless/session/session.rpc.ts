import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { AUTHENTICATION } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';

/** Serves the session itself. */
export function createSessionRpc({ frame }: HeadlessParts): BoundService {
  return bind(auth.HeadlessSessionServiceDefinition, {
    getSession: frame.serve(operation({ run: async () => AUTHENTICATION })),
    endSession: frame.serve(
      operation({
        async run(visit) {
          visit.ending = { kind: 'flush' };
          return AUTHENTICATION;
        },
      }),
    ),
  });
}
