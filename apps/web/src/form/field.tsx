import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';
import { useMessages } from '../messages/messages.ts';
import { useFieldErrors } from './stage.context.ts';

/** What a control needs to belong to its label, its help and its errors. */
export type ControlProps = {
  readonly id: string;
  readonly name: string;
  readonly validated: 'default' | 'error';
  readonly 'aria-describedby'?: string;
};

type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly isOptional?: boolean;
  /** For a set of controls with one label. */
  readonly role?: 'radiogroup';
  /** Beside the label, at the end of the line. */
  readonly aside?: ReactNode;
  readonly children: (control: ControlProps) => ReactNode;
};

/** A labelled control with its help text, and its errors read out as they appear. */
export function Field({ name, label, help, isOptional = false, role, aside, children }: FieldProps) {
  const id = useId();
  const { optional } = useMessages();
  const errors = useFieldErrors(name);
  const describedBy = [errors.length > 0 && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ') || undefined;
  return (
    <FormGroup
      label={isOptional ? `${label} (${optional})` : label}
      labelInfo={aside}
      fieldId={id}
      {...(role && { role, isStack: true })}
    >
      {children({ id, name, validated: errors.length > 0 ? 'error' : 'default', 'aria-describedby': describedBy })}
      <FormHelperText>
        <HelperText>
          {errors.length > 0 && (
            <HelperTextItem variant="error" id={`${id}-error`} role="alert">
              {errors.join(' ')}
            </HelperTextItem>
          )}
          {help && <HelperTextItem id={`${id}-help`}>{help}</HelperTextItem>}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
