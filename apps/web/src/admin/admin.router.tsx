import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
  useParams,
} from '@tanstack/react-router';

import type { ReactNode } from 'react';
import { OperatorDoor } from './operator/operator.door.tsx';
import { OverviewPage } from './overview/overview.page.tsx';
import { DetailPage } from './resource/detail.page.tsx';
import { ListPage } from './resource/list.page.tsx';
import type { Resource } from './resource/resource.ts';
import { RESOURCES } from './resources/index.ts';
import { SettingsPage } from './settings.page.tsx';
import { NotFoundView } from './shell/not-found.view.tsx';
import { Shell } from './shell/shell.tsx';

/** Where the administration begins. */
export const OVERVIEW = '/administration/overview';

/** The pages, by the part of the address after `#`: links of other clients have the same places. */
export function createAdminRouter() {
  const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundView });
  const below = () => root;
  const start = createRoute({
    getParentRoute: below,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: OVERVIEW });
    },
  });
  const overview = createRoute({ getParentRoute: below, path: OVERVIEW, component: OverviewPage });
  const settings = createRoute({ getParentRoute: below, path: '/admin/settings', component: SettingsPage });
  const list = createRoute({ getParentRoute: below, path: '/$group/$name', component: ListRoute });
  const detail = createRoute({ getParentRoute: below, path: '/$group/$name/$key', component: DetailRoute });
  return createRouter({
    routeTree: root.addChildren([start, overview, settings, list, detail]),
    history: createHashHistory(),
    // Plain words: `?search=ada&is_active=true`.
    parseSearch: (query) => Object.fromEntries(new URLSearchParams(query)),
    stringifySearch: (search) => {
      const query = new URLSearchParams(search).toString();
      return query === '' ? '' : `?${query}`;
    },
    defaultPendingMinMs: 0,
  });
}

/** The resource of an address. What other clients put behind a semicolon is left aside. */
function useResource() {
  const { group = '', name = '', key = '' }: Record<string, string | undefined> = useParams({ strict: false });
  const place = `${group}/${name.split(';')[0]}`;
  return { resource: RESOURCES.find((resource) => resource.place === place), key: key.split(';')[0] ?? '' };
}

function ListRoute() {
  const { resource } = useResource();
  if (!resource) return <NotFoundView />;
  return (
    <Door key={resource.place} resource={resource}>
      <ListPage resource={resource} />
    </Door>
  );
}

function DetailRoute() {
  const { resource, key } = useResource();
  if (!resource) return <NotFoundView />;
  return (
    <Door key={`${resource.place}/${key}`} resource={resource}>
      <DetailPage resource={resource} objectKey={key} />
    </Door>
  );
}

/** What a page needs besides being signed in. */
function Door({ resource, children }: { readonly resource: Resource; readonly children: ReactNode }) {
  return resource.isOperators ? <OperatorDoor resource={resource}>{children}</OperatorDoor> : children;
}
