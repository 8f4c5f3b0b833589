import { Button } from '@patternfly/react-core';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { useActing } from '../action/use-acting.tsx';
import { useAdmin } from '../admin.context.ts';
import { useWords } from '../messages/admin.messages.ts';
import { AdminHeading } from '../shell/admin.heading.tsx';
import { changed, type ListState } from '../table/row.ts';
import { PathTree } from './path-tree.tsx';
import { ResourceList } from './resource.list.tsx';
import type { Resource } from './resource.ts';

/** The page of a resource: what the address says is searched, filtered and ordered. */
export function ListPage({ resource }: { readonly resource: Resource }) {
  const words = useWords();
  const { document } = useAdmin();
  const state: ListState = useSearch({ strict: false });
  const navigate = useNavigate();
  const { said, say } = useSaid();
  const acting = useActing({ resource, say });
  const onState = useCallback(
    (change: ListState) => void navigate({ to: '.', search: changed(state, change), replace: true }),
    [navigate, state],
  );
  const canCreate =
    resource.isFixed !== true &&
    (resource.family ? document.has(resource.family.types) : document.has(resource.path, 'post'));
  const { title, lead } = words.resources[resource.words];
  return (
    <div className="po-admin-page" data-tree={resource.paths !== undefined}>
      <AdminHeading title={title} lead={lead} />
      <SaidAlert said={said} />
      {resource.paths !== undefined && (
        <PathTree list={resource.paths} path={state.path_startswith ?? ''} onState={onState} />
      )}
      <ResourceList resource={resource} state={state} onState={onState} acting={acting}>
        {(resource.listActions ?? []).map((action) => (
          <Button key={action.name} variant="secondary" onClick={() => acting.act(action, [])}>
            {words.actions[action.name]}
          </Button>
        ))}
        {canCreate && (
          <Button icon={<PlusIcon />} onClick={acting.create}>
            {words.actions.create}
          </Button>
        )}
      </ResourceList>
      {acting.dialogs}
    </div>
  );
}
