import { TextInput } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Field } from './field.tsx';

type CodeFieldProps = {
  readonly label: string;
  readonly name?: string;
  readonly help?: string;
  readonly aside?: ReactNode;
  /** How many digits; absent for codes that have letters as well, 0 for any number of digits. */
  readonly digits?: number;
  readonly initial?: string;
};

/** A one-time code. Phones offer what a message brought, and show digits where only digits count. */
export function CodeField({ label, name = 'code', help, aside, digits, initial }: CodeFieldProps) {
  const isNumber = digits !== undefined;
  // People copy codes with blanks in between, and those of devices with hyphens.
  const pattern = digits ? `\\s*(\\d\\s*){${digits}}` : '[\\s\\-]*(\\d[\\s\\-]*)+';
  return (
    <Field name={name} label={label} help={help} aside={aside}>
      {(control) => (
        <TextInput
          {...control}
          className="po-code-input"
          type="text"
          defaultValue={initial}
          inputMode={isNumber ? 'numeric' : 'text'}
          pattern={isNumber ? pattern : undefined}
          autoComplete="one-time-code"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          isRequired
          data-once=""
        />
      )}
    </Field>
  );
}

/** The code of a form, without the blanks that it was typed with. */
export function codeOf(form: FormData, name = 'code'): string {
  return String(form.get(name) ?? '').replaceAll(/\s/g, '');
}
