import { Button } from '@patternfly/react-core';
import { type ReactNode, useMemo, useState } from 'react';
import { ActionMenu, type MenuItem } from '../action/action.menu.tsx';
import { nameOf } from '../action/remove.dialog.tsx';
import type { useActing } from '../action/use-acting.tsx';
import { useObjects } from '../action/use-objects.ts';
import { useAdmin } from '../admin.context.ts';
import { useWords } from '../messages/admin.messages.ts';
import { ResourceTable } from '../table/resource.table.tsx';
import { keyOf, type ListState, type Row } from '../table/row.ts';
import { Toolbar } from '../table/toolbar.tsx';
import type { Resource } from './resource.ts';

type ResourceListProps = {
  readonly resource: Resource;
  readonly state: ListState;
  readonly fixed?: ListState;
  readonly onState: (change: ListState) => void;
  readonly acting: ReturnType<typeof useActing>;
  /** What can be done with the list. */
  readonly children?: ReactNode;
};

/** A list with its search and filters, the rows, and what can be done with one of them or with many. */
export function ResourceList({ resource, state, fixed, onState, acting, children }: ResourceListProps) {
  const { document } = useAdmin();
  const objects = useObjects(resource);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  const menuOf = useMenu(resource, acting);
  const filters = useMemo(() => {
    const all = document.filters(resource.path);
    return (resource.filters ?? []).flatMap((name) => all.find((filter) => filter.name === name) ?? []);
  }, [document, resource]);
  const choose = (rows: readonly Row[], isChosen: boolean) => {
    const next = new Map(chosen);
    for (const row of rows) isChosen ? next.set(keyOf(row, resource.key), row) : next.delete(keyOf(row, resource.key));
    setChosen(next);
  };
  const isDeletable = resource.isFixed !== true && document.has(document.objectPath(resource.path) ?? '', 'delete');
  const many = (resource.actions ?? []).filter(({ isForMany }) => isForMany);
  const selection = isDeletable || many.length > 0 ? { chosen, choose } : undefined;
  return (
    <div className="po-list">
      <Toolbar state={state} onState={onState} filters={filters} refresh={() => void objects.forget()}>
        {children}
      </Toolbar>
      {chosen.size > 0 && (
        <SelectionBar
          resource={resource}
          acting={acting}
          isDeletable={isDeletable}
          rows={[...chosen.values()]}
          clear={() => setChosen(new Map())}
        />
      )}
      <ResourceTable
        resource={resource}
        state={state}
        fixed={fixed}
        onState={onState}
        selection={selection}
        rowActions={(row) => <ActionMenu name={nameOf(row, resource)} items={menuOf(row)} />}
        linkTo={(row) => linkTo(resource, row)}
      />
    </div>
  );
}

/** The page of an object; undefined for what has none. */
export function linkTo({ isPart, place, key }: Resource, row: Row): string | undefined {
  return isPart ? undefined : `/${place}/${encodeURIComponent(keyOf(row, key))}`;
}

/** What can be done with an object. */
export function useMenu(resource: Resource, acting: ReturnType<typeof useActing>) {
  const objects = useObjects(resource);
  const { actions, remove } = useWords();
  return (row: Row): readonly MenuItem[] => [
    ...(objects.can(row, 'patch') ? [{ label: actions.edit, go: () => acting.edit(row) }] : []),
    ...(resource.actions ?? [])
      .filter(({ isFor }) => isFor?.(row) ?? true)
      .map((action) => ({
        label: actions[action.name],
        isDanger: action.isGrave,
        go: () => acting.act(action, [row]),
      })),
    ...(objects.can(row, 'delete') ? [{ label: remove.remove, isDanger: true, go: () => acting.remove([row]) }] : []),
  ];
}

type SelectionBarProps = {
  readonly resource: Resource;
  readonly acting: ReturnType<typeof useActing>;
  readonly isDeletable: boolean;
  readonly rows: readonly Row[];
  readonly clear: () => void;
};

/** What can be done with everything that is selected. */
function SelectionBar({ resource, acting, isDeletable, rows, clear }: SelectionBarProps) {
  const { table, actions, remove } = useWords();
  const many = (resource.actions ?? []).filter(({ isForMany }) => isForMany);
  return (
    <div className="po-selection" role="status">
      <strong>{table.selected(rows.length)}</strong>
      {many.map((action) => (
        <Button key={action.name} variant="secondary" size="sm" onClick={() => acting.act(action, rows)}>
          {actions[action.name]}
        </Button>
      ))}
      {isDeletable && (
        <Button variant="secondary" isDanger size="sm" onClick={() => acting.remove(rows)}>
          {remove.remove}
        </Button>
      )}
      <Button variant="link" size="sm" onClick={clear}>
        {table.unselect}
      </Button>
    </div>
  );
}
