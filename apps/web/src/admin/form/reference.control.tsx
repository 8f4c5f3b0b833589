import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ControlProps } from '../../form/field.tsx';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { useWords } from '../messages/admin.messages.ts';
import { keyOf, type Row, rowPage } from '../table/row.ts';
import { SearchBox } from '../table/toolbar.tsx';
import type { Reference } from './references.ts';

/** Objects that are offered at once; more are found by the search. */
const OFFERED = 50;

type ReferenceControlProps = {
  readonly control: ControlProps;
  readonly label: string;
  readonly reference: Reference;
  /** Keys of what is referred to now. */
  readonly chosen: readonly string[];
  readonly isRequired: boolean;
  /** Told of what is chosen, besides the form. */
  readonly onChoose?: (key: string) => void;
};

/** One object of a list. */
export function ReferenceSelect({ control, label, reference, chosen, isRequired, onChoose }: ReferenceControlProps) {
  const { form } = useWords();
  const { validated, ...attributes } = control;
  const [value, setValue] = useState(chosen[0] ?? '');
  const { search, setSearch, offers, isFull } = useOffers(reference);
  const isOffered = value === '' || offers.some((row) => keyOf(row, reference.key) === value);
  return (
    <div className="po-reference">
      {isFull && <SearchBox label={form.find(label)} value={search} search={setSearch} />}
      <select
        {...attributes}
        className="po-select"
        aria-invalid={validated === 'error'}
        required={isRequired}
        value={value}
        onChange={({ target }) => {
          setValue(target.value);
          onChoose?.(target.value);
        }}
      >
        <option value="">{form.none}</option>
        {!isOffered && <option value={value}>{value}</option>}
        {offers.map((row) => (
          <option key={keyOf(row, reference.key)} value={keyOf(row, reference.key)}>
            {keyOf(row, reference.label)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Any number of objects of a list. */
export function ReferenceList({ control, label, reference, chosen }: ReferenceControlProps) {
  const { form } = useWords();
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set(chosen));
  const { search, setSearch, offers, isLong } = useOffers(reference);
  const offered = new Set(offers.map((row) => keyOf(row, reference.key)));
  const toggle = (key: string) =>
    setKeys(keys.has(key) ? new Set([...keys].filter((one) => one !== key)) : new Set([...keys, key]));
  return (
    <fieldset className="po-reference" aria-label={label} aria-describedby={control['aria-describedby']}>
      {isLong && <SearchBox label={form.find(label)} value={search} search={setSearch} />}
      <div className="po-picks">
        {offers.map((row) => {
          const key = keyOf(row, reference.key);
          return (
            <label key={key} className="po-pick">
              <input
                type="checkbox"
                name={control.name}
                value={key}
                checked={keys.has(key)}
                onChange={() => toggle(key)}
              />
              <span>{keyOf(row, reference.label)}</span>
            </label>
          );
        })}
      </div>
      {/* What is chosen and not in sight stays chosen. */}
      {[...keys]
        .filter((key) => !offered.has(key))
        .map((key) => (
          <input key={key} type="hidden" name={control.name} value={key} />
        ))}
      <p className="po-faint">{form.chosen(keys.size)}</p>
    </fieldset>
  );
}

function useOffers({ path, label }: Reference) {
  const { api } = useAdmin();
  const [search, setSearch] = useState('');
  const query = new URLSearchParams({ page_size: String(OFFERED), ordering: label, ...(search && { search }) });
  const { data } = useQuery({
    queryKey: ['rows', path, 'offers', search],
    queryFn: async ({ signal }) => rowPage(await read(api, `${path}?${query}`, signal)),
    placeholderData: keepPreviousData,
  });
  const offers: readonly Row[] = data?.rows ?? [];
  const count = data?.count ?? 0;
  return { search, setSearch, offers, isFull: search !== '' || count > OFFERED, isLong: search !== '' || count > 8 };
}
