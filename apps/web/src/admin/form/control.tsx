import { Checkbox, FormSelect, FormSelectOption, TextArea, TextInput } from '@patternfly/react-core';
import { useState } from 'react';
import { type ControlProps, Field } from '../../form/field.tsx';
import { useAdmin } from '../admin.context.ts';
import { choiceLabel, labelOf, useWords } from '../messages/admin.messages.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import { textIn } from './body.ts';
import { ReferenceList, ReferenceSelect } from './reference.control.tsx';
import { referenceOf } from './references.ts';

export type ControlOf = {
  readonly field: FieldSchema;
  /** What it holds now. */
  readonly value: unknown;
  /** Whether the object is there already. */
  readonly isEdit: boolean;
};

/** Texts of several lines, by their names. */
const LONG = /expression|content|_data$|redirect_uris|template|css|body/;
const SECRET = /password$|secret$/;

/** The control of a field, as its schema says. */
export function Control({ field, value, isEdit }: ControlOf) {
  const words = useWords();
  const label = labelOf(field, words);
  if (field.kind === 'flag') return <Flag field={field} label={label} value={value} />;
  const isKept = isEdit && SECRET.test(field.name) && (value === undefined || value === '');
  return (
    <Field name={field.name} label={label} help={isKept ? words.form.keep : field.help} isOptional={!field.isRequired}>
      {(control) => <Input field={field} value={value} isEdit={isEdit} control={control} label={label} />}
    </Field>
  );
}

type FlagProps = { readonly field: FieldSchema; readonly label: string; readonly value: unknown };

/** Of a new object it is as the server would have it: the description says so. */
function Flag({ field: { name, help }, label, value }: FlagProps) {
  const [isOn, setOn] = useState(value === undefined ? /default: true/i.test(help) : value === true);
  return (
    <Checkbox
      id={`flag-${name}`}
      name={name}
      label={label}
      description={help}
      isChecked={isOn}
      onChange={(_event, checked) => setOn(checked)}
    />
  );
}

type InputProps = ControlOf & { readonly control: ControlProps; readonly label: string };

function Input({ field, value, isEdit, control, label }: InputProps) {
  const { document } = useAdmin();
  const { name, kind, format, isRequired, maxLength } = field;
  const reference = referenceOf(field, document);
  const text = textIn(value, field);
  if (reference) {
    const chosen = (Array.isArray(value) ? value : [value])
      .filter((key) => key !== null && key !== undefined)
      .map(String);
    const Picker = kind === 'list' ? ReferenceList : ReferenceSelect;
    return <Picker {...{ control, label, reference, chosen, isRequired }} />;
  }
  if (kind === 'choice') return <Choice {...{ field, control, isEdit }} initial={text} />;
  if (kind === 'choices') return <Choices {...{ field, control }} chosen={text.split('\n')} />;
  if (kind === 'json' || kind === 'list' || LONG.test(name))
    return (
      <TextArea
        {...control}
        className="po-code-input"
        defaultValue={text}
        isRequired={isRequired}
        rows={Math.min(14, Math.max(3, text.split('\n').length))}
        resizeOrientation="vertical"
        spellCheck={false}
      />
    );
  return (
    <TextInput
      {...control}
      type={SECRET.test(name) && name !== 'client_secret' ? 'password' : typeOf(kind, format)}
      defaultValue={text}
      isRequired={isRequired && !(isEdit && SECRET.test(name))}
      maxLength={maxLength}
      autoComplete="off"
      {...(kind === 'number' && { step: 'any' })}
    />
  );
}

function typeOf(kind: FieldSchema['kind'], format = ''): 'text' | 'email' | 'number' | 'datetime-local' {
  if (kind === 'number') return 'number';
  if (kind === 'time') return 'datetime-local';
  return format === 'email' ? 'email' : 'text';
}

type ChoiceProps = { readonly field: FieldSchema; readonly control: ControlProps };

type ChosenProps = ChoiceProps & { readonly initial: string; readonly isEdit: boolean };

function Choice({ field, control, initial, isEdit }: ChosenProps) {
  const words = useWords();
  const [value, setValue] = useState(initial);
  const mayBeNone = !field.isRequired || initial === '';
  return (
    <FormSelect
      {...control}
      value={value}
      isRequired={field.isRequired}
      onChange={(_event, chosen) => setValue(chosen)}
    >
      {mayBeNone && <FormSelectOption value="" label={isEdit ? words.form.none : words.form.unset} />}
      {field.choices.map((choice) => (
        <FormSelectOption key={choice} value={choice} label={choiceLabel(choice, words)} />
      ))}
    </FormSelect>
  );
}

function Choices({ field, control, chosen }: ChoiceProps & { readonly chosen: readonly string[] }) {
  const words = useWords();
  return (
    <fieldset className="po-picks" aria-label={labelOf(field, words)}>
      {field.choices.map((choice) => (
        <label key={choice} className="po-pick">
          <input type="checkbox" name={control.name} value={choice} defaultChecked={chosen.includes(choice)} />
          <span>{choiceLabel(choice, words)}</span>
        </label>
      ))}
    </fieldset>
  );
}
