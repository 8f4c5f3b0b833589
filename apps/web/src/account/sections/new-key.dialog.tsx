import { Button, Radio } from '@patternfly/react-core';
import { useRef, useState } from 'react';
import { flagOf } from '../../executor/wire.codec.ts';
import { Field } from '../../form/field.tsx';
import { useMessages } from '../../messages/messages.ts';
import { Dialog } from '../../settings/dialog.tsx';
import { useAccount } from '../account.context.ts';
import { AnswerForm } from '../answer-form.tsx';
import { KeyState } from '../key-alert.tsx';
import { useAccountWords } from '../messages/account.messages.ts';
import { TextField, textIn } from '../text-field.tsx';
import { useKey } from '../use-key.ts';

const PATH = '/account/authenticators/webauthn';
const FIELDS = ['name', 'kind'];

type NewKeyDialogProps = {
  /** Whether recovery codes came with it. */
  readonly onDone: (hasCodes: boolean) => void;
  readonly onClose: () => void;
};

/** Makes a security key, or a passkey, which signs in without a password. */
export function NewKeyDialog({ onDone, onClose }: NewKeyDialogProps) {
  const { config, request } = useAccount();
  const { factors: words } = useAccountWords();
  const { settings, tryAgain } = useMessages();
  const [isPasskey, setPasskey] = useState(config.hasPasskeys);
  const name = useRef('');
  const key = useKey({
    path: isPasskey ? `${PATH}?passwordless` : PATH,
    kind: 'register',
    send: (credential) =>
      request('POST', PATH, { body: { ...(name.current !== '' && { name: name.current }), credential } }),
  });
  return (
    <Dialog title={words.addKey} onClose={onClose}>
      <AnswerForm
        fields={FIELDS}
        submitLabel={key.trouble ? tryAgain : words.createKey}
        isWorking={key.isOpen}
        send={(form) => {
          name.current = textIn(form, 'name');
          return key.start();
        }}
        onDone={({ meta }) => onDone(flagOf(meta, 'recovery_codes_generated'))}
      >
        <TextField name="name" label={settings.devices.nameLabel} autoComplete="off" isOptional help={words.nameHelp} />
        {config.hasPasskeys && (
          <Field name="kind" label={words.kind} role="radiogroup">
            {() => (
              <>
                <Radio
                  id="po-kind-passkey"
                  name="kind"
                  label={words.passkey}
                  description={words.passkeyHint}
                  isChecked={isPasskey}
                  onChange={() => setPasskey(true)}
                />
                <Radio
                  id="po-kind-key"
                  name="kind"
                  label={words.key}
                  description={words.keyHint}
                  isChecked={!isPasskey}
                  onChange={() => setPasskey(false)}
                />
              </>
            )}
          </Field>
        )}
        <KeyState {...key} />
      </AnswerForm>
      <Button variant="link" onClick={onClose}>
        {settings.cancel}
      </Button>
    </Dialog>
  );
}
