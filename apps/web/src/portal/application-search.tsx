import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { Nothing } from '../page/nothing.tsx';
import { ApplicationGroups } from './application-groups.tsx';
import type { Application } from './portal.client.ts';

/** Fewer than these are seen at a glance. */
const SEARCHED_FROM = 5;

type ApplicationsProps = { readonly applications: readonly Application[] };

/** The applications, with a search where there are many. Enter opens the only one that is left. */
export function SearchableApplications({ applications }: ApplicationsProps) {
  const messages = useMessages();
  const [words, setWords] = useState('');
  const found = matching(applications, useDeferredValue(words));
  const open = ({ key, currentTarget }: KeyboardEvent) => {
    if (key === 'Escape') setWords('');
    if (key !== 'Enter' || found.length !== 1) return;
    currentTarget.closest('main')?.querySelector<HTMLAnchorElement>('.po-tile a')?.click();
  };
  return (
    <>
      {applications.length >= SEARCHED_FROM && (
        <input
          type="search"
          className="po-search"
          aria-label={messages.searchApplications}
          placeholder={messages.searchApplications}
          value={words}
          onChange={({ target }) => setWords(target.value)}
          onKeyDown={open}
        />
      )}
      <p className="po-visually-hidden" role="status">
        {words !== '' && messages.applicationsFound(found.length)}
      </p>
      {found.length > 0 ? (
        <ApplicationGroups applications={found} />
      ) : (
        <Nothing title={messages.noApplicationFound} hint={messages.noApplicationFoundHint} />
      )}
    </>
  );
}

/** Those whose name, description, publisher or group have every word, in any case. */
export function matching(applications: readonly Application[], words: string): readonly Application[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return applications;
  return applications.filter(({ name, description, publisher, group }) => {
    const text = [name, description, publisher, group].join(' ').toLocaleLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
