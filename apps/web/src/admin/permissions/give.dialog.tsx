import { Field } from '../../form/field.tsx';
import { FormDialog } from '../../settings/form.dialog.tsx';
import { useAdmin } from '../admin.context.ts';
import { useWords } from '../messages/admin.messages.ts';
import type { ActionDialogProps, Holder } from '../resource/resource.ts';
import { changeGrants, noneIn } from './grants.ts';
import { PermissionPicker } from './permission.picker.tsx';

type GiveDialogProps = ActionDialogProps & { readonly holder: Holder; readonly pk: string };

/** Gives permissions on everything. */
export function GiveDialog({ holder, pk, onDone, onClose }: GiveDialogProps) {
  const { api } = useAdmin();
  const { permissions: words } = useWords();
  return (
    <FormDialog
      title={words.give}
      isWide
      fields={['permissions']}
      submitLabel={words.give}
      check={(form) => noneIn(form, words.chooseOne)}
      send={(form) => changeGrants(api, { holder, pk }, [], form.getAll('permissions').map(String))}
      onDone={() => onDone(words.saved)}
      onClose={onClose}
    >
      <Field name="permissions" label={words.title} help={words.onlyOwn}>
        {() => <PermissionPicker />}
      </Field>
    </FormDialog>
  );
}
