import { Button } from '@patternfly/react-core';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import { useMemo, useState } from 'react';
import { textOf } from '../../executor/wire.codec.ts';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useActing } from '../action/use-acting.tsx';
import { useWords } from '../messages/admin.messages.ts';
import { ResourceList } from '../resource/resource.list.tsx';
import type { Action, ActionDialogProps, Holder, Resource } from '../resource/resource.ts';
import { Tabs } from '../resource/tabs.tsx';
import { changed, type ListState, type Row } from '../table/row.ts';
import { GiveDialog } from './give.dialog.tsx';
import { GiveOnObjectDialog } from './give-on-object.dialog.tsx';
import { CATALOGUE, grantPath, permissionOf } from './permission.ts';
import { usePermissionLabel } from './use-catalogue.ts';

type HeldProps = { readonly holder: Holder; readonly pk: string };

/** What a user or a role may do by themselves, on everything and on single objects. */
export function HeldPart({ holder, pk }: HeldProps) {
  const { permissions: words } = useWords();
  const onAll = useMemo(() => heldOnAll({ holder, pk }), [holder, pk]);
  const onObjects = useMemo(() => heldOnObjects({ holder, pk }), [holder, pk]);
  return (
    <Tabs
      isInner
      parts={[
        { title: words.onAll, body: <HeldList key="all" resource={onAll} fixed={ofHolder.all(holder, pk)} /> },
        { title: words.onObjects, body: <HeldList key="one" resource={onObjects} fixed={ofHolder.one(holder, pk)} /> },
      ]}
    />
  );
}

/** What narrows the two lists to those of a holder: the API has four names for it. */
const ofHolder = {
  all: (holder: Holder, pk: string): ListState => (holder === 'users' ? { user: pk } : { role: pk }),
  one: (holder: Holder, pk: string): ListState => (holder === 'users' ? { user_id: pk } : { uuid: pk }),
};

type HeldListProps = { readonly resource: Resource; readonly fixed: ListState };

function HeldList({ resource, fixed }: HeldListProps) {
  const { permissions: words } = useWords();
  const [state, setState] = useState<ListState>({});
  const { said, say } = useSaid();
  const acting = useActing({ resource, say });
  const [give] = resource.listActions ?? [];
  return (
    <>
      <SaidAlert said={said} />
      <ResourceList
        resource={resource}
        state={state}
        fixed={fixed}
        onState={(change) => setState(changed(state, change))}
        acting={acting}
      >
        {give && (
          <Button icon={<PlusIcon />} onClick={() => acting.act(give, [])}>
            {words.give}
          </Button>
        )}
      </ResourceList>
      {acting.dialogs}
    </>
  );
}

const held: Omit<Resource, 'path'> = {
  place: 'identity/permissions',
  group: 'directory',
  words: 'permissions',
  key: 'id',
  title: 'name',
  columns: [],
  isFixed: true,
  isPart: true,
};

function heldOnAll({ holder, pk }: HeldProps): Resource {
  const dialog = (props: ActionDialogProps) => <GiveDialog holder={holder} pk={pk} {...props} />;
  return {
    ...held,
    path: CATALOGUE,
    columns: [
      { field: 'model_verbose', draw: (row) => textOf(row, 'model_verbose') },
      { field: 'name', as: 'codename', draw: (row) => <Label row={row} /> },
    ],
    actions: [taking({ holder, pk }, (row) => ({ permissions: [permissionOf(row).key] }))],
    listActions: [{ name: 'givePermissions', dialog }],
  };
}

function heldOnObjects({ holder, pk }: HeldProps): Resource {
  const dialog = (props: ActionDialogProps) => <GiveOnObjectDialog holder={holder} pk={pk} {...props} />;
  return {
    ...held,
    path: `${CATALOGUE}${holder}/`,
    columns: [
      { field: 'object_description', draw: (row) => textOf(row, 'object_description') || textOf(row, 'object_pk') },
      { field: 'model_verbose', isWide: true },
      { field: 'name', as: 'codename', draw: (row) => <Label row={row} /> },
    ],
    actions: [
      taking({ holder, pk }, (row) => ({
        permissions: [permissionOf(row).key],
        model: permissionOf(row).model,
        object_pk: textOf(row, 'object_pk'),
      })),
    ],
    listActions: [{ name: 'givePermissions', dialog }],
  };
}

function taking({ holder, pk }: HeldProps, body: (row: Row) => object): Action {
  return {
    name: 'takePermission',
    request: (row: Row) => ({ method: 'PATCH', path: grantPath(holder, pk, 'unassign'), body: body(row) }),
    isGrave: true,
    isForMany: true,
  };
}

function Label({ row }: { readonly row: Row }) {
  const labelOf = usePermissionLabel();
  return <>{labelOf(permissionOf(row))}</>;
}
