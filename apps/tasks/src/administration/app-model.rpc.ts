import { APPS, MODELS } from '@postern/models';
import { tasks } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';

/** The names by which the contract calls its apps and models: all of them, as clients choose among them before there are objects. */
export function bindAppModels(): BoundService {
  const apps = APPS.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return bind(tasks.AppModelServiceDefinition, {
    listApps: async () => ({ items: [...apps] }),
    listModels: async () => ({ items: [...MODELS] }),
  });
}
