import { Button } from '@patternfly/react-core';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import { useMemo, useState } from 'react';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useActing } from '../action/use-acting.tsx';
import { useWords } from '../messages/admin.messages.ts';
import { ResourceList } from '../resource/resource.list.tsx';
import type { ActionDialogProps, Holder, Resource } from '../resource/resource.ts';
import { Tabs } from '../resource/tabs.tsx';
import { Cell } from '../table/cell.tsx';
import { changed, type ListState, type Row } from '../table/row.ts';
import { AccessDialog } from './access.dialog.tsx';
import { heldOn, holdersPath, type ObjectOfModel } from './permission.ts';
import { useCatalogue, usePermissionLabel } from './use-catalogue.ts';

/** Who may do what with an object. */
export function AccessPart({ object }: { readonly object: ObjectOfModel }) {
  const { resources } = useWords();
  const parts = (['users', 'roles'] as const).map((holder) => ({
    title: resources[holder].title,
    body: <Holders key={holder} holder={holder} model={object.model} pk={object.pk} />,
  }));
  return <Tabs parts={parts} isInner />;
}

type HoldersProps = ObjectOfModel & { readonly holder: Holder };

function Holders({ holder, model, pk }: HoldersProps) {
  const { permissions: words } = useWords();
  const resource = useMemo(() => holdersOf(holder, { model, pk }), [holder, model, pk]);
  const fixed = useMemo(() => ({ model, object_pk: pk }), [model, pk]);
  const [state, setState] = useState<ListState>({});
  const { said, say } = useSaid();
  const acting = useActing({ resource, say });
  const [give] = resource.listActions ?? [];
  return (
    <>
      <SaidAlert said={said} />
      <p className="po-lead">{holder === 'users' ? words.accessUsers : words.accessRoles}</p>
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

/** Those who hold something on an object, as a resource like any other. */
function holdersOf(holder: Holder, object: ObjectOfModel): Resource {
  const isUsers = holder === 'users';
  const dialog = (props: ActionDialogProps) => <AccessDialog holder={holder} object={object} {...props} />;
  return {
    place: `identity/${holder}`,
    group: 'directory',
    words: holder,
    path: holdersPath(holder),
    key: isUsers ? 'pk' : 'role_pk',
    title: isUsers ? 'username' : 'name',
    columns: [
      { field: isUsers ? 'username' : 'name' },
      { field: 'permissions', draw: (row) => <HeldHere row={row} object={object} /> },
    ],
    isFixed: true,
    actions: [{ name: 'changePermissions', dialog, isFor: (row) => heldOn(row, object).length > 0 }],
    listActions: [{ name: 'givePermissions', dialog }],
  };
}

function HeldHere({ row, object }: { readonly row: Row; readonly object: ObjectOfModel }) {
  const { permissions } = useWords();
  const catalogue = useCatalogue();
  const labelOf = usePermissionLabel();
  const labels = heldOn(row, object).map((key) => {
    const known = catalogue?.find((permission) => permission.key === key);
    return known ? labelOf(known) : key;
  });
  if (labels.length > 0) return labels.join(', ');
  return row.is_superuser === true ? permissions.superuser : <Cell value="" field={undefined} />;
}
