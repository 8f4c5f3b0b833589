import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { AuthenticatorValidateChallenge } from '../../executor/authenticator.types.ts';
import { useStage } from '../../form/stage.context.ts';
import { useMessages } from '../../messages/messages.ts';
import { Heading } from '../../page/heading.tsx';
import { UserLine } from '../user-line.tsx';
import { DevicePicker, keyOf, StagePicker, wordsFor } from './device-picker.tsx';
import { DeviceProof } from './device-proofs.tsx';
import { rememberClass, rememberedClass } from './remembered-class.ts';

type Props = { readonly challenge: AuthenticatorValidateChallenge };

/** The second factor: one of the person's devices, or the choice of one to set up. */
export function ValidateStage({ challenge }: Props) {
  const messages = useMessages();
  const { flowInfo } = useStage();
  const { device_challenges: devices, configuration_stages: stages } = challenge;
  const [chosen, choose] = useState(() => firstChoice(challenge));
  const device = devices.find((candidate) => keyOf(candidate) === chosen);
  const isSetUp = devices.length === 0 && stages.length > 0;
  const words = device && wordsFor(device.device_class, messages);
  const lead = isSetUp ? messages.pickStage : (words?.hint ?? messages.pickDevice);
  const pick = (key: string) => {
    const found = devices.find((candidate) => keyOf(candidate) === key);
    if (found) rememberClass(window.localStorage, found.device_class);
    choose(key);
  };
  return (
    <>
      <Heading title={flowInfo.title} lead={lead} focus={!device} key={device ? 'device' : 'choice'} />
      <UserLine user={challenge.pending_user} avatar={challenge.pending_user_avatar} />
      {device ? (
        <DeviceProof device={device} key={chosen} />
      ) : isSetUp ? (
        <StagePicker stages={stages} />
      ) : (
        <DevicePicker devices={devices} choose={pick} />
      )}
      {device && devices.length > 1 && (
        <Button variant="link" onClick={() => choose(undefined)}>
          {messages.otherDevice}
        </Button>
      )}
    </>
  );
}

/** The only device, or that of the class which was used last. */
function firstChoice({ device_challenges: devices }: AuthenticatorValidateChallenge): string | undefined {
  const last = rememberedClass(window.localStorage);
  const device = devices.length === 1 ? devices[0] : devices.find(({ device_class: name }) => name === last);
  return device && keyOf(device);
}
