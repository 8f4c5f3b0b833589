import { useId } from 'react';
import { useMessages } from '../messages/messages.ts';
import { ApplicationTile } from './application-tile.tsx';
import type { Application } from './portal.client.ts';

/** The applications under the headings that their administrators gave them; a plain list where nobody gave one. */
export function ApplicationGroups({ applications }: { readonly applications: readonly Application[] }) {
  const { otherApplications } = useMessages();
  const groups = groupsOf(applications);
  if (groups.every(([name]) => name === '')) return <Tiles applications={applications} />;
  return (
    <div className="po-groups">
      {groups.map(([name, members]) => (
        <Group key={name} name={name || otherApplications} applications={members} />
      ))}
    </div>
  );
}

/** Groups in the order of their names, what belongs to none of them at the end. */
export function groupsOf(applications: readonly Application[]): readonly (readonly [string, readonly Application[]])[] {
  const groups = new Map<string, Application[]>();
  for (const application of applications)
    groups.set(application.group, [...(groups.get(application.group) ?? []), application]);
  return [...groups].toSorted(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b));
}

type GroupProps = { readonly name: string; readonly applications: readonly Application[] };

function Group({ name, applications }: GroupProps) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{name}</h2>
      <Tiles applications={applications} />
    </section>
  );
}

function Tiles({ applications }: { readonly applications: readonly Application[] }) {
  return (
    <ul className="po-tiles">
      {applications.map((application) => (
        <li key={application.pk}>
          <ApplicationTile application={application} />
        </li>
      ))}
    </ul>
  );
}
