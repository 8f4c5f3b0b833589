import { TextInput } from '@patternfly/react-core';
import { Field } from '../form/field.tsx';

type TextFieldProps = {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'tel';
  readonly autoComplete: string;
  readonly initial?: string;
  readonly help?: string;
  readonly isOptional?: boolean;
};

/** One line of text. */
export function TextField({ name, label, type = 'text', autoComplete, initial, help, isOptional }: TextFieldProps) {
  return (
    <Field name={name} label={label} help={help} isOptional={isOptional}>
      {(control) => (
        <TextInput
          {...control}
          type={type}
          defaultValue={initial}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          isRequired={!isOptional}
        />
      )}
    </Field>
  );
}

/** What was typed, without blanks around it. */
export function textIn(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}
