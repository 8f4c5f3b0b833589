import { useState } from 'react';
import { Waiting } from '../../page/waiting.tsx';
import { useWords } from '../messages/admin.messages.ts';
import { SearchBox } from '../table/toolbar.tsx';
import { groupsOf, type ModelGroup } from './permission.ts';
import { useCatalogue, usePermissionLabel } from './use-catalogue.ts';

type PickerProps = {
  /** Only those that are about this model, without search or headings. */
  readonly model?: string;
  /** Keys of what is chosen at first. */
  readonly chosen?: readonly string[];
};

/** The catalogue of permissions, by what they are about. What is chosen is in the form as `permissions`, in sight or not. */
export function PermissionPicker({ model, chosen = [] }: PickerProps) {
  const { permissions: words, form } = useWords();
  const catalogue = useCatalogue();
  const [search, setSearch] = useState('');
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set(chosen));
  if (!catalogue) return <Waiting />;
  const toggle = (key: string) =>
    setKeys(keys.has(key) ? new Set([...keys].filter((one) => one !== key)) : new Set([...keys, key]));
  // Nothing is added to an object that is there.
  const offered = model
    ? catalogue.filter((one) => one.model === model && !one.codename.startsWith('add_'))
    : catalogue;
  const groups = groupsOf(offered, search);
  const inSight = new Set(groups.flatMap((group) => group.permissions.map(({ key }) => key)));
  return (
    <div className="po-reference">
      {!model && <SearchBox label={words.search} value={search} search={setSearch} />}
      <fieldset className="po-catalogue" aria-label={words.title}>
        {groups.map((group) => (
          <Group key={group.model} group={group} hasName={model === undefined} keys={keys} toggle={toggle} />
        ))}
        {groups.length === 0 && <p className="po-faint">{words.none}</p>}
      </fieldset>
      {[...keys]
        .filter((key) => !inSight.has(key))
        .map((key) => (
          <input key={key} type="hidden" name="permissions" value={key} />
        ))}
      <p className="po-faint" aria-live="polite">
        {form.chosen(keys.size)}
      </p>
    </div>
  );
}

type GroupProps = {
  readonly group: ModelGroup;
  /** Not where there is one group only. */
  readonly hasName: boolean;
  readonly keys: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
};

function Group({ group: { name, permissions }, hasName, keys, toggle }: GroupProps) {
  const labelOf = usePermissionLabel();
  return (
    <div className="po-catalogue-group">
      {hasName && <strong>{name}</strong>}
      <div>
        {permissions.map((permission) => (
          <label key={permission.key} className="po-pick">
            <input
              type="checkbox"
              name="permissions"
              value={permission.key}
              aria-label={permission.name}
              checked={keys.has(permission.key)}
              onChange={() => toggle(permission.key)}
            />
            <span>{labelOf(permission)}</span>
          </label>
        ))}
      </div>
    </div>
  );
}
