import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { IconStore } from './icon.store.ts';

/** Serves uploaded pictures. */
export function createMediaRpc({ icons }: { icons: Pick<IconStore, 'serve'> }): BoundService {
  return bind(providers.MediaServiceDefinition, { getIcon: ({ file }, call) => icons.serve(file, call) });
}
