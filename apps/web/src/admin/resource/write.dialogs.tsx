import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { textOf, wireOf } from '../../executor/wire.codec.ts';
import { ChoiceList } from '../../form/choice-list.tsx';
import { Waiting } from '../../page/waiting.tsx';
import { Dialog } from '../../settings/dialog.tsx';
import { nameOf } from '../action/remove.dialog.tsx';
import { useObjects } from '../action/use-objects.ts';
import { useAdmin } from '../admin.context.ts';
import { read } from '../admin.query.ts';
import { fieldsFor, ResourceForm } from '../form/resource.form.tsx';
import { useWords } from '../messages/admin.messages.ts';
import type { Row } from '../table/row.ts';
import { kindsOf, listOfKind } from './family.ts';
import type { Resource } from './resource.ts';

type CreateDialogProps = {
  readonly resource: Resource;
  /** What it has without being asked for. */
  readonly given?: Row;
  readonly onDone: (said: string) => void;
  readonly onClose: () => void;
};

/** A new object; of a family, what kind of first. */
export function CreateDialog(props: CreateDialogProps) {
  const [list, setList] = useState(props.resource.family ? undefined : props.resource.path);
  return list === undefined ? <KindDialog {...props} choose={setList} /> : <NewDialog {...props} list={list} />;
}

function NewDialog({ resource, given = {}, list, onDone, onClose }: CreateDialogProps & { readonly list: string }) {
  const { document } = useAdmin();
  const objects = useObjects(resource);
  const { form, resources } = useWords();
  return (
    <ResourceForm
      title={form.create(resources[resource.words].one)}
      fields={fieldsFor(document.fieldsOfRequest(list, 'post'), resource).filter(({ name }) => !(name in given))}
      send={(body) => objects.create(list, { ...body, ...given })}
      onDone={(answer) => onDone(form.created(nameOf(wireOf(answer), resource) || textOf(wireOf(answer), 'name')))}
      onClose={onClose}
    />
  );
}

type KindDialogProps = CreateDialogProps & { readonly choose: (list: string) => void };

function KindDialog({ resource, choose, onClose }: KindDialogProps) {
  const { api, document } = useAdmin();
  const { form } = useWords();
  const types = resource.family?.types ?? '';
  const { data } = useQuery({ queryKey: ['kinds', types], queryFn: ({ signal }) => read(api, types, signal) });
  const kinds = kindsOf(data).flatMap((kind) => {
    const list = listOfKind(kind.component, resource, document);
    return list === undefined ? [] : [{ key: list, title: kind.name, hint: hintOf(kind), icon: initialOf(kind.name) }];
  });
  return (
    <Dialog title={form.kind} onClose={onClose}>
      {data === undefined ? <Waiting /> : <ChoiceList label={form.kind} items={kinds} choose={choose} />}
    </Dialog>
  );
}

function hintOf({ name, description }: { name: string; description: string }): string | undefined {
  return description === name || description === '' ? undefined : description;
}

function initialOf(name: string): string {
  return name.charAt(0).toLocaleUpperCase();
}

type EditDialogProps = Omit<CreateDialogProps, 'given'> & { readonly row: Row };

/** Changes an object, as it is at this moment: lists leave out what is long, and may be old. */
export function EditDialog({ resource, row, onDone, onClose }: EditDialogProps) {
  const { document } = useAdmin();
  const objects = useObjects(resource);
  const { form } = useWords();
  const list = objects.listOf(row);
  const { data } = useQuery({
    queryKey: ['edit', objects.addressOf(row)],
    queryFn: async () => wireOf(await objects.read(row)),
    gcTime: 0,
    staleTime: 0,
  });
  const title = form.edit(nameOf(row, resource));
  if (!data)
    return (
      <Dialog title={title} onClose={onClose}>
        <Waiting />
      </Dialog>
    );
  const fields = fieldsFor(document.fieldsOfRequest(document.objectPath(list) ?? '', 'patch'), resource);
  const required = new Set(
    document.fieldsOfRequest(list, 'post').flatMap(({ name, isRequired }) => (isRequired ? [name] : [])),
  );
  return (
    <ResourceForm
      title={title}
      // What an object may not lack it may not lose.
      fields={fields.map((field) => ({ ...field, isRequired: required.has(field.name) }))}
      before={data}
      send={(body) => objects.save(row, body)}
      onDone={() => onDone(form.saved(nameOf(row, resource)))}
      onClose={onClose}
    />
  );
}
