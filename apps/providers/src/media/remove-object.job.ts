import { handles, type JobHandler } from '@postern/jobs';
import { REMOVE_OBJECT } from './remove-object.ts';
import type { ObjectStore } from './s3.store.ts';

/** The job that removes pictures from the object store, after the change that lets go of them is there for good. */
export function createRemoveObjectJob(objects: ObjectStore | undefined): JobHandler {
  return handles(
    REMOVE_OBJECT,
    async ({ name }) => {
      // Without a store there is nothing that could be removed: the operator took it away.
      await objects?.remove(name);
    },
    { description: 'Removes a picture that nothing shows any more from the object store.' },
  );
}
