import { isWire } from '../../executor/wire.codec.ts';
import { fullTime } from '../../settings/times.ts';
import { pageLocale } from '../../settings/when.tsx';
import { useAdmin } from '../admin.context.ts';
import { referenceOf } from '../form/references.ts';
import { labelOf, useWords } from '../messages/admin.messages.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import { Cell, isEmpty } from '../table/cell.tsx';
import type { Row } from '../table/row.ts';
import { listOfRow } from './family.ts';
import { ReferenceLink } from './reference.link.tsx';
import type { Resource } from './resource.ts';

/** Fields of the wire that say nothing to people. */
const SILENT =
  /^(component|verbose_name_plural|meta_model_name|avatar|policybindingmodel_ptr_id|pbm_uuid|num_pk|parent_name|last_applied_hash)$|_obj$/;

type DetailsProps = { readonly resource: Resource; readonly row: Row };

/** Every field of an object, long ones below the short. */
export function Details({ resource, row }: DetailsProps) {
  const { document } = useAdmin();
  const words = useWords();
  const list = listOfRow(row, resource, document);
  const known = document.fieldsOfAnswer(document.objectPath(list) ?? list);
  const fields = known.filter(({ name }) => (resource.details?.includes(name) ?? !SILENT.test(name)) && name in row);
  const isLong = ({ name }: FieldSchema) => !isEmpty(row[name]) && (isWire(row[name]) || isBlock(row[name]));
  // What people look for comes first; keys are for programs.
  const isKey = ({ name }: FieldSchema) => name === 'pk' || name === resource.key;
  const short = fields.filter((field) => !isLong(field)).toSorted((a, b) => Number(isKey(a)) - Number(isKey(b)));
  return (
    <div className="po-details">
      <dl className="po-panel po-facts">
        {short.map((field) => (
          <div key={field.name}>
            <dt>{labelOf(field, words)}</dt>
            <dd>
              <Fact value={row[field.name]} field={field} row={row} />
            </dd>
          </div>
        ))}
      </dl>
      {fields.filter(isLong).map((field) => (
        <section key={field.name} className="po-panel">
          <h2>{labelOf(field, words)}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre className="po-json" tabIndex={0}>
            {textOf(row[field.name])}
          </pre>
        </section>
      ))}
    </div>
  );
}

/** Objects that a field refers to come along as `<field>_obj`: their names say more than their keys. */
function Fact({ value, field, row }: { readonly value: unknown; readonly field: FieldSchema; readonly row: Row }) {
  const { document } = useAdmin();
  const object = row[`${field.name}_obj`];
  const reference = object === undefined && !Array.isArray(value) ? referenceOf(field, document) : undefined;
  if (reference && !isEmpty(value)) return <ReferenceLink reference={reference} value={String(value)} />;
  if (field.kind === 'time' && typeof value === 'string')
    return <time dateTime={value}>{fullTime(value, pageLocale())}</time>;
  return <Cell value={object ?? value} field={field} />;
}

/** Whether it needs lines of its own: programs, certificates, lists of objects. */
function isBlock(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isWire);
  return typeof value === 'string' && (value.includes('\n') || value.length > 200);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
