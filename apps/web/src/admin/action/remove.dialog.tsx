import { useQuery } from '@tanstack/react-query';
import { listOf, textOf, wireOf } from '../../executor/wire.codec.ts';
import { ConfirmDialog } from '../../settings/confirm.dialog.tsx';
import type { Change } from '../../settings/outcome.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import type { Resource } from '../resource/resource.ts';
import { keyOf, type Row, valueAt } from '../table/row.ts';
import { useObjects } from './use-objects.ts';

type RemoveDialogProps = {
  readonly resource: Resource;
  readonly rows: readonly Row[];
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
};

/** Asks before objects are deleted, and says what uses the one that is. */
export function RemoveDialog({ resource, rows, onDone, onClose }: RemoveDialogProps) {
  const { remove: words } = useWords();
  const objects = useObjects(resource);
  const [first] = rows;
  const name = first && rows.length === 1 ? nameOf(first, resource) : undefined;
  const usedBy = useUsedBy(resource, rows.length === 1 ? first : undefined);
  return (
    <ConfirmDialog
      title={name === undefined ? words.titleMany(rows.length) : words.title(name)}
      hint={words.hint}
      warning={usedBy.length > 0 ? `${words.usedBy} ${usedBy.join(', ')}` : undefined}
      confirmLabel={words.remove}
      act={() => oneByOne(rows, objects.remove, words.someLeft)}
      onDone={() => onDone(name === undefined ? words.removedMany(rows.length) : words.removed(name))}
      onClose={onClose}
    />
  );
}

/** Does the same with each of several, as far as it goes. */
export async function oneByOne(
  rows: readonly Row[],
  act: (row: Row) => Promise<Change>,
  someLeft: (done: number, all: number) => string,
): Promise<Change> {
  for (const [done, row] of rows.entries()) {
    const result = await act(row);
    if (result.ok) continue;
    if (done === 0) return result;
    const left = { string: someLeft(done, rows.length), code: 'invalid' };
    return { ...result, errors: { ...result.errors, left: [left] } };
  }
  return { ok: true, body: undefined };
}

/** What people know an object by. */
export function nameOf(row: Row, { title, key, nameOf: named }: Resource): string {
  if (named) return named(row);
  const name = valueAt(row, title);
  return typeof name === 'string' && name !== '' ? name : keyOf(row, key);
}

function useUsedBy(resource: Resource, row: Row | undefined): readonly string[] {
  const { api, document } = useAdmin();
  const { addressOf } = useObjects(resource);
  const path = row ? `${addressOf(row, resource.path)}used_by/` : '';
  const declared = `${document.objectPath(resource.path) ?? ''}used_by/`;
  const { data } = useQuery({
    queryKey: ['used by', path],
    queryFn: ({ signal }) => read(api, path, signal),
    enabled: path !== '' && document.has(declared),
  });
  return listOf({ data }, 'data', (item) => textOf(wireOf(item), 'name'));
}
