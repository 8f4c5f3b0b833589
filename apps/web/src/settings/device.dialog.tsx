import { TextInput } from '@patternfly/react-core';
import { Field } from '../form/field.tsx';
import { useMessages } from '../messages/messages.ts';
import { ConfirmDialog } from './confirm.dialog.tsx';
import { type Device, deviceAddress, lossOf } from './device.ts';
import { FormDialog } from './form.dialog.tsx';
import { change } from './outcome.ts';
import { useSettings } from './settings.context.ts';

export type DeviceAction = { readonly kind: 'rename' | 'remove'; readonly device: Device };

type DeviceDialogProps = {
  readonly action: DeviceAction;
  readonly devices: readonly Device[];
  readonly onDone: (text: string) => void;
  readonly onClose: () => void;
};

const FIELDS = ['name'];

/** Asks for another name of a second factor, or whether it is to go. */
export function DeviceDialog({ action: { kind, device }, devices, onDone, onClose }: DeviceDialogProps) {
  const { settings, deviceClasses } = useMessages();
  const { api } = useSettings();
  const { devices: words } = settings;
  const address = deviceAddress(device);
  if (kind === 'remove') {
    const loss = lossOf(devices, device);
    return (
      <ConfirmDialog
        title={words.removeTitle(device.name || (deviceClasses[device.deviceClass]?.title ?? device.deviceClass))}
        hint={words.removeHint}
        warning={loss === 'none' ? undefined : words.loss[loss]}
        confirmLabel={words.remove}
        act={() => change(api, 'DELETE', address)}
        onDone={() => onDone(words.removed)}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={words.renameTitle}
      fields={FIELDS}
      submitLabel={words.save}
      send={(form) => change(api, 'PATCH', address, { name: String(form.get('name') ?? '').trim() })}
      onDone={() => onDone(words.renamed)}
      onClose={onClose}
    >
      <Field name="name" label={words.nameLabel}>
        {(control) => <TextInput {...control} type="text" defaultValue={device.name} isRequired maxLength={64} />}
      </Field>
    </FormDialog>
  );
}
