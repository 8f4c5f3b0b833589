import { Button } from '@patternfly/react-core';
import FilterIcon from '@patternfly/react-icons/dist/esm/icons/filter-icon';
import SyncAltIcon from '@patternfly/react-icons/dist/esm/icons/sync-alt-icon';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { choiceLabel, labelOf, useWords } from '../messages/admin.messages.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import type { ListState } from './row.ts';

type ToolbarProps = {
  readonly state: ListState;
  readonly onState: (change: ListState) => void;
  readonly filters: readonly FieldSchema[];
  readonly refresh: () => void;
  /** What can be done with the list. */
  readonly children?: ReactNode;
};

/** How long nothing is typed before the list is searched, in milliseconds. */
const PAUSE = 250;

/** Search, filters and what can be done with the list as a whole. */
export function Toolbar({ state, onState, filters, refresh, children }: ToolbarProps) {
  const { table } = useWords();
  const active = filters.filter(({ name }) => state[name] !== undefined);
  const [isOpen, setOpen] = useState(active.length > 0);
  const id = useId();
  return (
    <div className="po-toolbar">
      <div className="po-toolbar-line">
        <SearchBox label={table.search} value={state.search ?? ''} search={(search) => onState({ search })} />
        {filters.length > 0 && (
          <Button
            variant="secondary"
            icon={<FilterIcon />}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            {table.filters}
            {active.length > 0 && ` (${active.length})`}
          </Button>
        )}
        <Button variant="plain" icon={<SyncAltIcon />} aria-label={table.refresh} onClick={refresh} />
        <div className="po-toolbar-end">{children}</div>
      </div>
      <div id={id} className="po-filters" hidden={!isOpen}>
        {filters.map((filter) => (
          <Filter key={filter.name} filter={filter} value={state[filter.name] ?? ''} onState={onState} />
        ))}
        {active.length > 0 && (
          <Button
            variant="link"
            onClick={() => onState(Object.fromEntries(filters.map(({ name }) => [name, ''] as const)))}
          >
            {table.clear}
          </Button>
        )}
      </div>
    </div>
  );
}

type SearchBoxProps = { readonly label: string; readonly value: string; readonly search: (words: string) => void };

/** A line to type into that answers when the typing stops. */
export function SearchBox({ label, value, search }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => search(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, value, search]);
  return (
    <input
      type="search"
      className="po-search"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

type FilterProps = {
  readonly filter: FieldSchema;
  readonly value: string;
  readonly onState: (change: ListState) => void;
};

/** A parameter of the list: a choice, yes or no, or a text that must be equal. */
function Filter({ filter, value, onState }: FilterProps) {
  const words = useWords();
  const id = useId();
  const values = filter.kind === 'flag' ? ['true', 'false'] : filter.choices;
  const set = (to: string) => onState({ [filter.name]: to });
  const nameOf = (choice: string) =>
    filter.kind === 'flag' ? (choice === 'true' ? words.yes : words.no) : choiceLabel(choice, words);
  const label = labelOf(filter, words);
  return (
    <div className="po-filter">
      <label htmlFor={id}>{label}</label>
      {values.length > 0 ? (
        <select id={id} value={value} onChange={({ target }) => set(target.value)}>
          <option value="">{words.table.anything}</option>
          {values.map((choice) => (
            <option key={choice} value={choice}>
              {nameOf(choice)}
            </option>
          ))}
        </select>
      ) : (
        <SettledText id={id} value={value} settle={set} />
      )}
    </div>
  );
}

type SettledTextProps = { readonly id: string; readonly value: string; readonly settle: (text: string) => void };

/** Counts once the field is left, or by Enter. */
function SettledText({ id, value, settle }: SettledTextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <input
      id={id}
      type="text"
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={() => typed === value || settle(typed)}
      onKeyDown={({ key }) => key === 'Enter' && settle(typed)}
    />
  );
}
