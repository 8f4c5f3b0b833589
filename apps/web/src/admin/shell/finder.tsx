import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FocusEvent, type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import { keyOf, rowPage } from '../table/row.ts';
import { placesOf } from './navigation.tsx';

type Find = { readonly to: string; readonly title: string; readonly kind: string };

/** Goes to a page by a few letters of its name, or to a user. Arrows choose, Enter goes. */
export function Finder() {
  const words = useWords();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const finds = useFinds(typed.trim());
  const isShown = isOpen && typed.trim() !== '';
  const go = (find: Find | undefined) => {
    if (!find) return;
    setTyped('');
    setOpen(false);
    void navigate({ to: find.to });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + finds.length) % Math.max(1, finds.length));
    }
    if (event.key === 'Enter') go(finds[at]);
    if (event.key === 'Escape') setOpen(false);
  };
  const blur = ({ currentTarget, relatedTarget }: FocusEvent) =>
    currentTarget.contains(relatedTarget) || setOpen(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to what its field and list do
    <div className="po-finder" onBlur={blur}>
      <input
        type="search"
        className="po-search"
        role="combobox"
        aria-label={words.find}
        placeholder={words.find}
        aria-expanded={isShown}
        aria-controls={id}
        aria-activedescendant={isShown && finds[at] ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown={press}
      />
      <div id={id} className="po-finds" role="listbox" aria-label={words.find} hidden={!isShown}>
        {finds.map((find, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps focus, and says which is active
          <div
            key={find.to}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(find)}
          >
            <span>{find.title}</span>
            <small>{find.kind}</small>
          </div>
        ))}
        {finds.length === 0 && <p>{words.findNothing}</p>}
      </div>
    </div>
  );
}

/** Pages whose names have the letters, and the first users whom the server finds by them. */
function useFinds(typed: string): readonly Find[] {
  const { api, document } = useAdmin();
  const words = useWords();
  // Pages are there at once, so that a name and Enter go there; users when the typing slows down.
  const asked = useDeferredValue(typed);
  const { data } = useQuery({
    queryKey: ['rows', '/core/users/', 'find', asked],
    queryFn: async ({ signal }) =>
      rowPage(await read(api, `/core/users/?page_size=6&search=${encodeURIComponent(asked)}`, signal)),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  });
  if (typed === '') return [];
  const letters = typed.toLocaleLowerCase();
  const pages = placesOf(document, words)
    .filter(({ title }) => title.toLocaleLowerCase().includes(letters))
    .map(({ to, title }) => ({ to, title, kind: words.findPages }));
  const users = (typed.length > 1 ? (data?.rows ?? []) : []).map((row) => ({
    to: `/identity/users/${keyOf(row, 'pk')}`,
    title: keyOf(row, 'username'),
    kind: words.findUsers,
  }));
  return [...pages, ...users];
}
