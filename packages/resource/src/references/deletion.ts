import { directory, events } from '@postern/proto';
import { MODEL_CHANGED } from '../model.facts.ts';

/** An object that is gone, by every label that fields may name it with. */
export type Deletion = { readonly models: readonly string[]; readonly key: string };

type Reader = (payload: Uint8Array) => Deletion | undefined;

/** Facts that something is gone, by payload type: the one of plain resources, and those that say more. */
const READERS: Readonly<Record<string, Reader>> = {
  [MODEL_CHANGED]: (payload) => {
    const { model, pk, families } = events.ModelChanged.decode(payload);
    return { models: [model, ...families], key: pk };
  },
  'postern.directory.v1.UserDeleted': (payload) => {
    const { user } = directory.UserDeleted.decode(payload);
    return user && { models: ['authentik_core.user'], key: String(user.pk) };
  },
  'postern.directory.v1.GroupDeleted': (payload) => {
    const { group } = directory.GroupDeleted.decode(payload);
    return group && { models: ['authentik_core.group'], key: group.pk };
  },
};

/** What an event says is gone; undefined when it is about nothing that fields refer to. */
export function readDeletion({ type, payload }: Pick<events.Envelope, 'type' | 'payload'>): Deletion | undefined {
  return Object.hasOwn(READERS, type) ? READERS[type]?.(payload) : undefined;
}
