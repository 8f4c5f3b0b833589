import { directory, events } from '@postern/proto';
import { expect, it } from 'vitest';
import { MODEL_CHANGED } from '../index.ts';
import { readDeletion } from './deletion.ts';

it('reads what is gone from the shared fact and from those of users and groups', () => {
  const plain = events.ModelChanged.fromPartial({ model: 'a.b', pk: '1', families: ['a.base'] });
  const user = directory.UserDeleted.fromPartial({ user: { pk: 7 } });
  const group = directory.GroupDeleted.fromPartial({ group: { pk: 'g' } });
  const read = (type: string, payload: Uint8Array) => readDeletion({ type, payload });
  expect(read(MODEL_CHANGED, events.ModelChanged.encode(plain).finish())).toEqual({
    models: ['a.b', 'a.base'],
    key: '1',
  });
  expect(read('postern.directory.v1.UserDeleted', directory.UserDeleted.encode(user).finish())).toEqual({
    models: ['authentik_core.user'],
    key: '7',
  });
  expect(read('postern.directory.v1.GroupDeleted', directory.GroupDeleted.encode(group).finish())).toEqual({
    models: ['authentik_core.group'],
    key: 'g',
  });
  expect(read('postern.conformance.v1.Echo', new Uint8Array())).toBeUndefined();
});
