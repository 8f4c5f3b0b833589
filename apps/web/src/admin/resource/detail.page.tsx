import { Button } from '@patternfly/react-core';
import PlusIcon from '@patternfly/react-icons/dist/esm/icons/plus-icon';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useMemo, useState } from 'react';
import { wireOf } from '../../executor/wire.codec.ts';
import { Waiting } from '../../page/waiting.tsx';
import { SaidAlert, useSaid } from '../../settings/said.tsx';
import { TroubleView } from '../../settings/trouble.tsx';
import { ActionMenu } from '../action/action.menu.tsx';
import { nameOf } from '../action/remove.dialog.tsx';
import { useActing } from '../action/use-acting.tsx';
import { useObjects } from '../action/use-objects.ts';
import { useAdmin } from '../admin.context.ts';
import { ReadError, read } from '../admin.query.ts';
import { choiceLabel, useWords } from '../messages/admin.messages.ts';
import { AccessPart } from '../permissions/access.part.tsx';
import { HeldPart } from '../permissions/held.part.tsx';
import { CATALOGUE, objectOf } from '../permissions/permission.ts';
import { objectAddress } from '../schema/document.ts';
import { AdminHeading } from '../shell/admin.heading.tsx';
import { changed, keyOf, type ListState, type Row } from '../table/row.ts';
import { Details } from './details.tsx';
import { ExtraFacts } from './extra.facts.tsx';
import { ResourceList, useMenu } from './resource.list.tsx';
import type { Related, Resource } from './resource.ts';
import { Tabs } from './tabs.tsx';

/** How often an object is read that changes by itself, in milliseconds. */
const MOVING = 700;

type DetailPageProps = { readonly resource: Resource; readonly objectKey: string };

/** The page of an object: what it is, what belongs to it, and what can be done with it. */
export function DetailPage({ resource, objectKey }: DetailPageProps) {
  const { api, document } = useAdmin();
  const words = useWords();
  const address = objectAddress(document.objectPath(resource.path) ?? `${resource.path}{key}/`, objectKey);
  const { data, error, refetch } = useQuery({
    queryKey: ['object', address],
    queryFn: async ({ signal }) => wireOf(await read(api, address, signal)),
    refetchInterval: ({ state }) => (state.data && resource.isMoving?.(state.data) ? MOVING : false),
  });
  const title = words.resources[resource.words].title;
  if (error)
    return (
      <div className="po-admin-page">
        <AdminHeading title={title} />
        <TroubleView trouble={error instanceof ReadError ? error.trouble : 'server'} retry={() => void refetch()} />
      </div>
    );
  return data ? <ObjectPage resource={resource} row={data} /> : <Waiting />;
}

function ObjectPage({ resource, row }: { readonly resource: Resource; readonly row: Row }) {
  const words = useWords();
  const navigate = useNavigate();
  const { said, say } = useSaid();
  const acting = useActing({ resource, say, onRemoved: () => void navigate({ to: `/${resource.place}` }) });
  const objects = useObjects(resource);
  const items = useMenu(resource, acting)(row).filter(({ label }) => label !== words.actions.edit);
  const { title } = words.resources[resource.words];
  const { document } = useAdmin();
  const parts = useParts(resource, row);
  const isChoice = document
    .fieldsOfAnswer(resource.path)
    .some(({ name, kind }) => name === resource.title && kind === 'choice');
  return (
    <div className="po-admin-page">
      <nav className="po-crumbs" aria-label={words.detail.back(title)}>
        <Link to={`/${resource.place}`}>{title}</Link>
      </nav>
      <AdminHeading title={isChoice ? choiceLabel(nameOf(row, resource), words) : nameOf(row, resource)}>
        {objects.can(row, 'patch') && (
          <Button variant="secondary" onClick={() => acting.edit(row)}>
            {words.actions.edit}
          </Button>
        )}
        <ActionMenu name={nameOf(row, resource)} items={items} />
      </AdminHeading>
      <SaidAlert said={said} />
      <Suspense fallback={<Waiting />}>
        <Tabs parts={parts} />
      </Suspense>
      {acting.dialogs}
    </div>
  );
}

/** What the page has a tab for, as far as this server has it. */
function useParts(resource: Resource, row: Row) {
  const { document } = useAdmin();
  const words = useWords();
  const object = objectOf(row, resource, document);
  const View = resource.view;
  return [
    { title: words.detail.about, body: View ? <View row={row} /> : <About resource={resource} row={row} /> },
    ...(resource.parts ?? [])
      .filter(({ path }) => document.has(path))
      .map((part) => ({ title: words.parts[part.words], body: <part.view row={row} /> })),
    ...(resource.related ?? [])
      .filter((part) => document.has(part.resource().path))
      .map((part) => ({
        title: words.resources[part.resource().words].title,
        body: <RelatedList key={part.resource().words} related={part} row={row} />,
      })),
    ...(resource.holder && document.has(CATALOGUE)
      ? [{ title: words.parts.held, body: <HeldPart holder={resource.holder} pk={keyOf(row, 'pk')} /> }]
      : []),
    ...(object ? [{ title: words.parts.access, body: <AccessPart object={object} /> }] : []),
  ];
}

function About({ resource, row }: { readonly resource: Resource; readonly row: Row }) {
  return (
    <>
      <Details resource={resource} row={row} />
      {(resource.extras ?? []).map((extra) => (
        <ExtraFacts key={extra.name} extra={extra} objectKey={keyOf(row, resource.key)} />
      ))}
    </>
  );
}

function RelatedList({ related, row }: { readonly related: Related; readonly row: Row }) {
  const { actions } = useWords();
  const resource = useMemo(() => related.resource(), [related]);
  const fixed = useMemo(() => related.fixed(row), [related, row]);
  const [state, setState] = useState<ListState>({});
  const { said, say } = useSaid();
  const given = useMemo(() => related.given?.(row), [related, row]);
  const acting = useActing({ resource, say, given });
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
        {given && (
          <Button icon={<PlusIcon />} onClick={acting.create}>
            {actions.create}
          </Button>
        )}
      </ResourceList>
      {acting.dialogs}
    </>
  );
}
