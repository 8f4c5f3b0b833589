import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAdmin } from '../admin.context.ts';
import { type AdminMessages, useWords } from '../messages/admin.messages.ts';
import type { Group, Resource } from '../resource/resource.ts';
import { RESOURCES } from '../resources/index.ts';
import type { ApiDocument } from '../schema/document.ts';

/** A page that the navigation leads to. */
export type Place = { readonly to: string; readonly title: string; readonly group: Group };

/** The pages of what this server has: the OpenAPI document says so. */
export function placesOf(document: ApiDocument, words: AdminMessages): readonly Place[] {
  const keyed = document.withKey();
  const isThere = ({ path, isOperators, isUndocumented }: Resource) =>
    isUndocumented === true || (isOperators ? keyed : document).has(path);
  const lists = RESOURCES.filter(isThere).map((resource) => ({
    to: `/${resource.place}`,
    title: words.resources[resource.words].title,
    group: resource.group,
  }));
  return [
    { to: '/administration/overview', title: words.overview.title, group: 'overview' },
    ...lists,
    ...(document.has('/admin/settings/')
      ? [{ to: '/admin/settings', title: words.settings.title, group: 'system' as const }]
      : []),
  ];
}

const GROUPS: readonly Group[] = ['overview', 'directory', 'applications', 'flows', 'events', 'system'];

/** Where one can go within the administration. */
export function Navigation({ onGo }: { readonly onGo: () => void }): ReactNode {
  const { document } = useAdmin();
  const words = useWords();
  const places = placesOf(document, words);
  return GROUPS.map((group) => (
    <section key={group}>
      {group !== 'overview' && <h2>{words.groups[group]}</h2>}
      <ul>
        {places
          .filter((place) => place.group === group)
          .map(({ to, title }) => (
            <li key={to}>
              <Link to={to} onClick={onGo} activeOptions={{ includeSearch: false }}>
                {title}
              </Link>
            </li>
          ))}
      </ul>
    </section>
  ));
}
