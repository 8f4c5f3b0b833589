import { TextInput } from '@patternfly/react-core';
import EyeIcon from '@patternfly/react-icons/dist/esm/icons/eye-icon';
import EyeSlashIcon from '@patternfly/react-icons/dist/esm/icons/eye-slash-icon';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { Field } from './field.tsx';

type PasswordFieldProps = {
  readonly name: string;
  readonly label: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly placeholder?: string;
  readonly help?: string;
  readonly isOptional?: boolean;
  readonly aside?: ReactNode;
};

/** A password that can be shown, and that says when Caps Lock is on. */
export function PasswordField({ name, label, autoComplete, placeholder, help, isOptional, aside }: PasswordFieldProps) {
  const messages = useMessages();
  const [visible, setVisible] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const watch = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'));
  return (
    <Field name={name} label={label} help={capsLock ? messages.capsLock : help} isOptional={isOptional} aside={aside}>
      {(control) => (
        <div className="po-password">
          <TextInput
            {...control}
            type={visible ? 'text' : 'password'}
            autoComplete={autoComplete}
            placeholder={placeholder}
            isRequired={!isOptional}
            spellCheck={false}
            autoCapitalize="none"
            data-secret=""
            onKeyUp={watch}
          />
          <button
            className="po-eye"
            type="button"
            aria-label={visible ? messages.hidePassword : messages.showPassword}
            onClick={() => setVisible(!visible)}
          >
            {visible ? <EyeSlashIcon /> : <EyeIcon />}
          </button>
        </div>
      )}
    </Field>
  );
}
