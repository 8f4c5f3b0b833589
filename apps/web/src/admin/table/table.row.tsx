import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import { useWords } from '../messages/admin.messages.ts';
import type { Column, Resource } from '../resource/resource.ts';
import type { FieldSchema } from '../schema/field.schema.ts';
import { Cell, textFor } from './cell.tsx';
import type { Selection } from './resource.table.tsx';
import { keyOf, type Row, valueAt } from './row.ts';

type TableRowProps = {
  readonly index: number;
  /** Undefined while it is on its way. */
  readonly row: Row | undefined;
  readonly resource: Resource;
  readonly fields: readonly FieldSchema[];
  readonly selection: Selection | undefined;
  readonly actions: ((row: Row) => ReactNode) | undefined;
  readonly linkTo: ((row: Row) => string | undefined) | undefined;
};

/** A row, or the place of one that is on its way. One that stays in sight is not drawn again in each frame of scrolling. */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { index, row, resource, fields, selection, actions, linkTo } = props;
  const words = useWords();
  if (!row)
    return <WaitingRow index={index} columns={resource.columns} extra={Number(!!selection) + Number(!!actions)} />;
  const key = keyOf(row, resource.key);
  const name = textFor(valueAt(row, resource.title), words) || key;
  const isChosen = selection?.chosen.has(key) ?? false;
  return (
    <tr aria-rowindex={index + 2} data-chosen={isChosen || undefined}>
      {selection && (
        <td className="po-table-check">
          <input
            type="checkbox"
            aria-label={words.table.select(name)}
            checked={isChosen}
            onChange={() => selection.choose([row], !isChosen)}
          />
        </td>
      )}
      {resource.columns.map((column, position) => (
        <td key={column.field} data-wide={column.isWide} title={position === 0 ? name : undefined}>
          {position === 0 ? (
            <Title {...{ row, resource, column, fields, to: linkTo?.(row) }} />
          ) : (
            <Value {...{ row, column, fields }} />
          )}
        </td>
      ))}
      {actions && <td className="po-table-actions">{actions(row)}</td>}
    </tr>
  );
});

type ValueProps = { readonly row: Row; readonly column: Column; readonly fields: readonly FieldSchema[] };

function Value({ row, column, fields }: ValueProps) {
  if (column.draw) return <>{column.draw(row)}</>;
  return <Cell value={valueAt(row, column.field)} field={fields.find(({ name }) => name === column.field)} />;
}

type TitleProps = ValueProps & { readonly resource: Resource; readonly to: string | undefined };

/** What people know the object by: the way to its page. */
function Title({ row, resource, column, fields, to }: TitleProps) {
  const words = useWords();
  const { subtitle = () => '' } = resource;
  const below = typeof subtitle === 'string' ? textFor(valueAt(row, subtitle), words) : subtitle(row);
  const value = <Value {...{ row, column, fields }} />;
  return (
    <>
      {to === undefined ? <strong>{value}</strong> : <Link to={to}>{value}</Link>}
      {below !== '' && <small>{below}</small>}
    </>
  );
}

type WaitingRowProps = { readonly index: number; readonly columns: readonly Column[]; readonly extra: number };

function WaitingRow({ index, columns, extra }: WaitingRowProps) {
  return (
    <tr aria-rowindex={index + 2} className="po-table-waiting">
      {Array.from({ length: columns.length + extra }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <td key={column} data-wide={columns[column]?.isWide}>
          <span />
        </td>
      ))}
    </tr>
  );
}
