import { useQuery } from '@tanstack/react-query';
import { listOf, wireOf } from '../../executor/wire.codec.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import type { ListState } from '../table/row.ts';

/** A folder with those inside of it. */
export type Folder = { readonly path: string; readonly name: string; readonly folders: readonly Folder[] };

/** The tree of folders that paths such as `users/guests` make. */
export function foldersOf(paths: readonly string[], above = ''): readonly Folder[] {
  const below = paths.filter((path) => path.startsWith(above)).map((path) => path.slice(above.length));
  const names = [...new Set(below.map((path) => path.split('/')[0] ?? ''))].filter(Boolean).toSorted();
  return names.map((name) => ({ path: `${above}${name}`, name, folders: foldersOf(paths, `${above}${name}/`) }));
}

type PathTreeProps = {
  /** Address of the list of folders. */
  readonly list: string;
  /** The folder that is open; empty for all. */
  readonly path: string;
  readonly onState: (change: ListState) => void;
};

/** The folders of a list: one of them narrows it. */
export function PathTree({ list, path, onState }: PathTreeProps) {
  const { api } = useAdmin();
  const { table } = useWords();
  const { data } = useQuery({ queryKey: ['paths', list], queryFn: ({ signal }) => read(api, list, signal) });
  const folders = foldersOf(listOf(wireOf(data), 'paths', String));
  const open = (to: string) => onState({ path_startswith: to });
  return (
    <nav className="po-tree" aria-label={table.path}>
      <button type="button" aria-current={path === '' ? 'true' : undefined} onClick={() => open('')}>
        {table.allPaths}
      </button>
      <Folders folders={folders} current={path} open={open} />
    </nav>
  );
}

type FoldersProps = {
  readonly folders: readonly Folder[];
  readonly current: string;
  readonly open: (path: string) => void;
};

function Folders({ folders, current, open }: FoldersProps) {
  if (folders.length === 0) return null;
  return (
    <ul>
      {folders.map((folder) => (
        <li key={folder.path}>
          <button
            type="button"
            aria-current={current === folder.path ? 'true' : undefined}
            onClick={() => open(folder.path)}
          >
            {folder.name}
          </button>
          <Folders folders={folder.folders} current={current} open={open} />
        </li>
      ))}
    </ul>
  );
}
