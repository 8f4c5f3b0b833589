import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { AUTHENTICATION } from '../headless.answer.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';
import { showConfiguration } from './configuration.ts';
import { endSessions, listSessions } from './session.list.ts';

/** Serves the session itself. */
export function createSessionRpc(parts: HeadlessParts): BoundService {
  const { frame } = parts;
  return bind(auth.HeadlessSessionServiceDefinition, {
    showConfiguration: frame.serve(showConfiguration(parts)),
    listSessions: frame.serve(listSessions(parts)),
    endSessions: frame.serve(endSessions(parts)),
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
