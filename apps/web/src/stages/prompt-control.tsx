import { Checkbox, Divider, FormSelect, FormSelectOption, Radio, TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import type { PromptField } from '../executor/challenge.types.ts';
import { localDateTime } from '../form/answer.codec.ts';
import { type ControlProps, Field } from '../form/field.tsx';
import { PasswordField } from '../form/password-field.tsx';
import { useMessages } from '../messages/messages.ts';
import { localeChoices } from './locale-choices.ts';
import { plainText } from './plain-text.ts';

type Props = { readonly field: PromptField };
type InputProps = Props & { readonly control: ControlProps };

/** One field of a prompt, by its type. An unknown type is a line of text: the server judges the answer anyway. */
export function PromptControl({ field }: Props) {
  switch (field.type) {
    case 'hidden':
      return null;
    case 'separator':
      return <Separator field={field} />;
    case 'static':
      return <StaticText field={field} />;
    case 'checkbox':
      return <CheckboxPrompt field={field} />;
    case 'password':
      return <PasswordPrompt field={field} />;
    default:
      return (
        <Field
          name={field.field_key}
          label={plainText(field.label)}
          help={plainText(field.sub_text)}
          isOptional={!field.required && !field.type.endsWith('read_only')}
          role={field.type === 'radio-button-group' ? 'radiogroup' : undefined}
        >
          {(control) => <PromptInput field={field} control={control} />}
        </Field>
      );
  }
}

function PromptInput({ field, control }: InputProps) {
  const { placeholder, required, initial_value: initial } = field;
  switch (field.type) {
    case 'text_area':
    case 'text_area_read_only':
      return (
        <TextArea
          {...control}
          defaultValue={initial}
          placeholder={placeholder}
          isRequired={required}
          rows={4}
          resizeOrientation="vertical"
          {...(field.type === 'text_area_read_only' && { readOnlyVariant: 'default' as const })}
        />
      );
    case 'dropdown':
      return (
        <Choice field={field} control={control} choices={field.choices.map((value) => ({ value, label: value }))} />
      );
    case 'ak-locale':
      // To follow the browser is an answer as well, and is sent as an empty text.
      return <LocaleChoice field={{ ...field, required: false }} control={control} />;
    case 'radio-button-group':
      return <RadioChoice field={field} control={control} />;
    default:
      return <LineInput field={field} control={control} />;
  }
}

const INPUT_TYPES: Readonly<Record<string, 'email' | 'number' | 'date' | 'datetime-local'>> = {
  email: 'email',
  number: 'number',
  date: 'date',
  'date-time': 'datetime-local',
};

function LineInput({ field, control }: InputProps) {
  const isUsername = field.type === 'username';
  if (field.type === 'file') {
    // PatternFly has no plain file input; this one borrows the look of its text input.
    const { validated, ...rest } = control;
    return (
      <span className="pf-v6-c-form-control">
        <input {...rest} type="file" required={field.required} aria-invalid={validated === 'error'} />
      </span>
    );
  }
  return (
    <TextInput
      {...control}
      type={INPUT_TYPES[field.type] ?? 'text'}
      defaultValue={field.type === 'date-time' ? localDateTime(field.initial_value) : field.initial_value}
      placeholder={field.placeholder}
      isRequired={field.required}
      {...(field.type === 'number' && { step: 1 })}
      {...(isUsername && { autoComplete: 'username', autoCapitalize: 'none', spellCheck: false })}
      {...(field.type === 'email' && { autoComplete: 'email' })}
      {...(field.type === 'text_read_only' && { readOnlyVariant: 'default' as const })}
    />
  );
}

function PasswordPrompt({ field }: Props) {
  return (
    <PasswordField
      name={field.field_key}
      label={plainText(field.label)}
      autoComplete="new-password"
      placeholder={field.placeholder}
      help={plainText(field.sub_text)}
      isOptional={!field.required}
    />
  );
}

function CheckboxPrompt({ field }: Props) {
  return (
    <Checkbox
      id={`po-check-${field.field_key}`}
      name={field.field_key}
      label={plainText(field.label)}
      description={plainText(field.sub_text) || undefined}
      defaultChecked={/^(true|1|on|yes)$/i.test(field.initial_value)}
    />
  );
}

type ChoiceProps = InputProps & { readonly choices: readonly { value: string; label: string }[] };

function Choice({ field, control, choices }: ChoiceProps) {
  const [value, setValue] = useState(field.initial_value || (choices[0]?.value ?? ''));
  return (
    <FormSelect {...control} value={value} isRequired={field.required} onChange={(_event, next) => setValue(next)}>
      {choices.map((choice) => (
        <FormSelectOption key={choice.value} value={choice.value} label={choice.label} />
      ))}
    </FormSelect>
  );
}

function LocaleChoice({ field, control }: InputProps) {
  return <Choice field={field} control={control} choices={localeChoices(useMessages().automatic)} />;
}

function RadioChoice({ field, control }: InputProps) {
  return field.choices.map((choice) => (
    <Radio
      key={choice}
      id={`${control.id}-${choice}`}
      name={field.field_key}
      value={choice}
      label={choice}
      isValid={control.validated === 'default'}
      defaultChecked={choice === field.initial_value}
    />
  ));
}

function Separator({ field }: Props) {
  return (
    <div className="po-separator">
      <Divider component="div" />
      {field.label !== '' && <h2>{plainText(field.label)}</h2>}
    </div>
  );
}

function StaticText({ field }: Props) {
  const text = plainText(field.initial_value || field.placeholder);
  return (
    <div className="po-static">
      {text !== '' && <p>{text}</p>}
      {field.sub_text !== '' && <p>{plainText(field.sub_text)}</p>}
    </div>
  );
}
