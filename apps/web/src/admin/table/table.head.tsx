import ArrowDownIcon from '@patternfly/react-icons/dist/esm/icons/arrow-down-icon';
import ArrowUpIcon from '@patternfly/react-icons/dist/esm/icons/arrow-up-icon';
import { labelOf, useWords } from '../messages/admin.messages.ts';
import type { Column } from '../resource/resource.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import type { Selection } from './resource.table.tsx';
import { nextOrdering, type Row } from './row.ts';

type TableHeadProps = {
  readonly columns: readonly Column[];
  readonly fields: readonly FieldSchema[];
  readonly ordering: string | undefined;
  readonly order: (ordering: string) => void;
  readonly selection: Selection | undefined;
  readonly loaded: readonly Row[];
  readonly isChosen: (row: Row) => boolean;
  readonly hasActions: boolean;
};

/** The heads of the columns, which order the list. They stay while the rows scroll. */
export function TableHead(props: TableHeadProps) {
  const { columns, fields, ordering, order, selection, loaded, isChosen, hasActions } = props;
  const words = useWords();
  const all = loaded.length > 0 && loaded.every(isChosen);
  return (
    <thead>
      <tr aria-rowindex={1}>
        {selection && (
          <th className="po-table-check" scope="col">
            <input
              type="checkbox"
              aria-label={words.table.selectAll}
              checked={all}
              onChange={() => selection.choose(loaded, !all)}
            />
          </th>
        )}
        {columns.map((column, position) => {
          const label = labelOf(schemaOf(column, fields), words);
          return (
            <th
              key={column.field}
              scope="col"
              data-title={position === 0 || undefined}
              data-wide={column.isWide}
              data-kind={kindOf(column, fields)}
              aria-sort={sortOf(column, ordering)}
            >
              {column.sort === undefined ? label : <Sort column={column} {...{ label, ordering, order }} />}
            </th>
          );
        })}
        {hasActions && (
          <th scope="col" className="po-table-actions">
            <span className="po-visually-hidden">{words.table.actions}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

/** What a column holds says how wide it has to be. */
function kindOf({ field, draw }: Column, fields: readonly FieldSchema[]) {
  return draw ? undefined : fields.find(({ name }) => name === field)?.kind;
}

type SortProps = Pick<TableHeadProps, 'ordering' | 'order'> & { readonly column: Column; readonly label: string };

function Sort({ column: { sort = '' }, label, ordering, order }: SortProps) {
  return (
    <button type="button" className="po-sort" onClick={() => order(nextOrdering(ordering, sort))}>
      {label}
      {ordering === sort && <ArrowUpIcon />}
      {ordering === `-${sort}` && <ArrowDownIcon />}
    </button>
  );
}

function sortOf({ sort }: Column, ordering: string | undefined) {
  if (sort === undefined) return undefined;
  if (ordering === sort) return 'ascending';
  return ordering === `-${sort}` ? 'descending' : 'none';
}

/** The field that a column shows. A path shows a field of another object, and is called by the field that holds that. */
export function schemaOf(
  { field, as }: Column,
  fields: readonly FieldSchema[],
): FieldSchema | { readonly name: string } {
  if (as !== undefined) return { name: as };
  const name = (field.split('.')[0] ?? field).replace(/_obj$/, '');
  return fields.find((schema) => schema.name === field) ?? { name };
}
