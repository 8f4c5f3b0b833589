import { Field } from '../../form/field.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { useAdmin } from '../admin.context.ts';
import { ReferenceSelect } from '../form/reference.control.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps, Holder } from '../resource/resource.ts';
import { keyOf } from '../table/row.ts';
import { changeGrants, noneIn } from './grants.ts';
import { PermissionPicker } from './permission.picker.tsx';
import { heldOn, type ObjectOfModel } from './permission.ts';

const REFERENCES = {
  users: { path: '/core/users/', key: 'pk', label: 'username' },
  roles: { path: '/rbac/roles/', key: 'pk', label: 'name' },
} as const;

type AccessDialogProps = ActionDialogProps & { readonly holder: Holder; readonly object: ObjectOfModel };

/** What somebody may do with an object: somebody new is chosen first, of somebody known it is changed. */
export function AccessDialog({ holder, object, row, onDone, onClose }: AccessDialogProps) {
  const { api } = useAdmin();
  const { permissions: words, form: formWords } = useWords();
  const held = row ? heldOn(row, object) : [];
  const known = row && (keyOf(row, 'pk') || keyOf(row, 'role_pk'));
  return (
    <FormDialog
      title={row ? words.changeOf(keyOf(row, 'username') || keyOf(row, 'name')) : words.give}
      fields={['holder', 'permissions']}
      submitLabel={formWords.save}
      check={(form) => (row ? {} : noneIn(form, words.chooseOne))}
      send={(form) => {
        const pk = known ?? String(form.get('holder'));
        return changeGrants(api, { holder, pk, object }, held, form.getAll('permissions').map(String));
      }}
      onDone={() => onDone(words.saved)}
      onClose={onClose}
    >
      {!row && (
        <Field name="holder" label={words.holders[holder]}>
          {(control) => (
            <ReferenceSelect
              {...{
                control,
                label: words.holders[holder],
                reference: REFERENCES[holder],
                chosen: [],
                isRequired: true,
              }}
            />
          )}
        </Field>
      )}
      <Field name="permissions" label={words.title}>
        {() => <PermissionPicker model={object.model} chosen={held} />}
      </Field>
    </FormDialog>
  );
}
