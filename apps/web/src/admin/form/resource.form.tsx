import { FormDialog } from '../../settings/form.dialog.tsx';
import type { Change } from '../../settings/outcome.ts';
import { useWords } from '../messages/admin.messages.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import type { Row } from '../table/row.ts';
import { bodyOf, errorsIn } from './body.ts';
import { Control } from './control.tsx';

type ResourceFormProps = {
  readonly title: string;
  readonly fields: readonly FieldSchema[];
  /** What there is; undefined for a new object. */
  readonly before?: Row;
  /** What a new object begins with. */
  readonly given?: Row;
  readonly submitLabel?: string;
  readonly send: (body: Row) => Promise<Change>;
  readonly onDone: (answer: unknown) => void;
  readonly onClose: () => void;
};

/** A form for whatever fields an operation takes. */
export function ResourceForm({ title, fields, before, given, submitLabel, send, onDone, onClose }: ResourceFormProps) {
  const { form: words } = useWords();
  return (
    <FormDialog
      title={title}
      isWide={fields.length > 4}
      fields={fields.map(({ name }) => name)}
      submitLabel={submitLabel ?? words.save}
      check={(form) => errorsIn(form, fields, words)}
      send={(form) => send(bodyOf(form, fields, before))}
      onDone={onDone}
      onClose={onClose}
    >
      {fields.map((field) => (
        <Control key={field.name} field={field} value={(before ?? given)?.[field.name]} isEdit={before !== undefined} />
      ))}
    </FormDialog>
  );
}

/** The fields of a form: those that are named, in that order; else all that can be written, what is required first. */
export function fieldsFor(
  all: readonly FieldSchema[],
  { fields, omit = [] }: { readonly fields?: readonly string[]; readonly omit?: readonly string[] },
): readonly FieldSchema[] {
  const writable = all.filter(({ isReadOnly, name }) => !isReadOnly && !omit.includes(name));
  if (fields) return fields.flatMap((name) => writable.find((field) => field.name === name) ?? []);
  return writable.toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
}
