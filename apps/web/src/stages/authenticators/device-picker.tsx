import type { DeviceChallenge, SelectableStage } from '../../executor/authenticator.types.ts';
import { AnswerAlerts } from '../../form/answer-alerts.tsx';
import { ChoiceList } from '../../form/choice-list.tsx';
import { splitErrors } from '../../form/field-errors.ts';
import { useStage } from '../../form/stage.context.ts';
import { type Messages, useMessages } from '../../messages/messages.ts';
import { DeviceIcon } from './device-icon.tsx';

const NO_FIELDS: ReadonlySet<string> = new Set();

/** Tells one device of a challenge from the others. */
export function keyOf({ device_class: name, device_uid: uid }: DeviceChallenge): string {
  return `${name} ${uid}`;
}

type DevicePickerProps = { readonly devices: readonly DeviceChallenge[]; readonly choose: (key: string) => void };

/** By which of my devices? */
export function DevicePicker({ devices, choose }: DevicePickerProps) {
  const messages = useMessages();
  const items = devices.map((device) => ({
    key: keyOf(device),
    title: wordsFor(device.device_class, messages).title,
    hint: wordsFor(device.device_class, messages).about,
    icon: <DeviceIcon deviceClass={device.device_class} />,
  }));
  return <ChoiceList label={messages.pickDevice} items={items} choose={choose} />;
}

/** Which one shall I set up? */
export function StagePicker({ stages }: { readonly stages: readonly SelectableStage[] }) {
  const messages = useMessages();
  const { answer, busy, failure, errors } = useStage();
  const { general } = splitErrors(errors, NO_FIELDS, messages);
  const items = stages.map((stage) => {
    const deviceClass = classOf(stage.meta_model_name);
    const isOnly = stages.filter((other) => other.meta_model_name === stage.meta_model_name).length === 1;
    const { title, about } = wordsFor(deviceClass, messages);
    return {
      key: stage.pk,
      title: messages.deviceClasses[deviceClass] ? title : stage.verbose_name || stage.name,
      // Two stages of one kind differ by their names alone.
      hint: isOnly ? about : stage.name,
      icon: <DeviceIcon deviceClass={deviceClass} />,
    };
  });
  return (
    <>
      <AnswerAlerts failure={failure} sentences={general} />
      <ChoiceList
        label={messages.pickStage}
        items={items}
        isDisabled={busy}
        choose={(pk) => answer({ selected_stage: pk }, { quiet: true })}
      />
    </>
  );
}

/** The class of device that a stage of this model sets up: `authentik_stages_authenticator_totp.…` is `totp`. */
export function classOf(model: string): string {
  return /authenticator_(\w+)\./.exec(model)?.[1] ?? '';
}

/** Name and description of a class; a class that nobody knows keeps its own name. */
export function wordsFor(
  deviceClass: string,
  { deviceClasses }: Messages,
): { title: string; about?: string; hint?: string } {
  return (Object.hasOwn(deviceClasses, deviceClass) && deviceClasses[deviceClass]) || { title: deviceClass };
}
