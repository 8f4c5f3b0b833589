import { auth } from '@postern/proto';
import { pictureServer, type ResourceDeps } from '@postern/resource';
import { type BoundService, bind } from '@postern/rpc';
import { FLOW_BACKGROUNDS } from './background.operations.ts';

/** Serves uploaded backgrounds. */
export function createFlowMediaRpc({ db }: Pick<ResourceDeps, 'db'>): BoundService {
  const serve = pictureServer({ db, folder: FLOW_BACKGROUNDS });
  return bind(auth.FlowMediaServiceDefinition, { getFlowBackground: ({ file }, call) => serve(file, call) });
}
