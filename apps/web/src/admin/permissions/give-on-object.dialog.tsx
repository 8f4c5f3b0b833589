import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { wireOf } from '../../executor/wire.codec.ts';
import { Field } from '../../form/field.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { ReferenceSelect } from '../form/reference.control.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps, Holder, Resource } from '../resource/resource.ts';
import { RESOURCES } from '../resources/index.ts';
import { objectAddress } from '../schema/document.ts';
import { changeGrants, noneIn } from './grants.ts';
import { PermissionPicker } from './permission.picker.tsx';
import { type ObjectOfModel, objectOf } from './permission.ts';

type GiveOnObjectDialogProps = ActionDialogProps & { readonly holder: Holder; readonly pk: string };

/** Gives permissions on one object: what kind of object, which, and what may be done with it. */
export function GiveOnObjectDialog({ holder, pk, onDone, onClose }: GiveOnObjectDialogProps) {
  const { api, document } = useAdmin();
  const { permissions: words, resources } = useWords();
  const kinds = RESOURCES.filter((one) => (one.model !== undefined || one.family) && document.has(one.path));
  const [place, setPlace] = useState('');
  const [key, setKey] = useState('');
  const kind = kinds.find((one) => one.place === place);
  const object = useObject(kind, key);
  return (
    <FormDialog
      title={words.give}
      fields={['kind', 'object', 'permissions']}
      submitLabel={words.give}
      check={(form) => noneIn(form, words.chooseOne)}
      send={(form) =>
        changeGrants(api, { holder, pk, ...(object && { object }) }, [], form.getAll('permissions').map(String))
      }
      onDone={() => onDone(words.saved)}
      onClose={onClose}
    >
      <Field name="kind" label={words.kind}>
        {({ validated, ...control }) => (
          <select
            {...control}
            className="po-select"
            aria-invalid={validated === 'error'}
            required
            value={place}
            onChange={({ target }) => {
              setPlace(target.value);
              setKey('');
            }}
          >
            <option value="" />
            {kinds.map((one) => (
              <option key={one.place} value={one.place}>
                {resources[one.words].title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {kind && (
        <Field key={kind.place} name="object" label={words.object}>
          {(control) => (
            <ReferenceSelect
              {...{ control, label: words.object, chosen: [], isRequired: true, onChoose: setKey }}
              reference={{ path: kind.path, key: kind.key, label: kind.title }}
            />
          )}
        </Field>
      )}
      {object && (
        <Field key={`${object.model} ${object.pk}`} name="permissions" label={words.title} help={words.onlyOwn}>
          {() => <PermissionPicker model={object.model} />}
        </Field>
      )}
    </FormDialog>
  );
}

/** An object of a list in the words of the catalogue: its address has another key than that, at times. */
function useObject(resource: Resource | undefined, key: string): ObjectOfModel | undefined {
  const { api, document } = useAdmin();
  const path = resource?.path ?? '';
  const { data } = useQuery({
    queryKey: ['object of', path, key],
    queryFn: async ({ signal }) => wireOf(await read(api, objectAddress(document.objectPath(path) ?? '', key), signal)),
    enabled: resource !== undefined && key !== '',
  });
  return data && resource && key !== '' ? objectOf(data, resource, document) : undefined;
}
