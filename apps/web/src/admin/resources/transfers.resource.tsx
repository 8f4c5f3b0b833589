import { textOf } from '../../executor/wire.codec.ts';
import { fullTime } from '../../settings/times.ts';
import { pageLocale, When } from '../../settings/when.tsx';
import type { Resource } from '../resource/resource.ts';
import { Badge } from '../table/cell.tsx';
import type { Row } from '../table/row.ts';
import { ExportDialog } from '../transfers/export.dialog.tsx';
import { ImportDialog } from '../transfers/import.dialog.tsx';
import { ImportView } from '../transfers/import.view.tsx';
import { IMPORTS, isUnderWay } from '../transfers/transfer.ts';

const nameOf = (row: Row) => `${textOf(row, 'kind')}.${textOf(row, 'format')}`;

export const imports: Resource = {
  place: 'identity/imports',
  group: 'directory',
  words: 'imports',
  path: IMPORTS,
  key: 'pk',
  title: 'kind',
  nameOf: (row) => `${nameOf(row)}, ${fullTime(textOf(row, 'begun'), pageLocale())}`,
  columns: [
    { field: 'kind', draw: nameOf },
    { field: 'status', sort: 'status', draw: (row) => <Badge value={textOf(row, 'status')} /> },
    { field: 'dry_run' },
    { field: 'done', sort: 'done', isWide: true },
    { field: 'failed', sort: 'failed' },
    { field: 'begun_by', isWide: true },
    { field: 'begun', sort: 'begun', draw: (row) => <When time={textOf(row, 'begun')} say={(when) => when} /> },
  ],
  ordering: '-begun',
  isFixed: true,
  isUndocumented: true,
  view: ImportView,
  isMoving: isUnderWay,
  actions: [{ name: 'forget', method: 'DELETE', isGrave: true }],
  listActions: [
    { name: 'export', dialog: ExportDialog },
    { name: 'import', dialog: ImportDialog },
  ],
};
