import { lazy } from 'react';
import { textOf } from '../../executor/wire.codec.ts';
import { fullTime } from '../../settings/times.ts';
import { pageLocale, When } from '../../settings/when.tsx';
import type { Resource } from '../resource/resource.ts';
import { Badge } from '../table/cell.tsx';
import type { Row } from '../table/row.ts';
import { IMPORTS, isUnderWay } from '../transfers/transfer.ts';

const ExportDialog = lazy(async () => ({ default: (await import('../transfers/export.dialog.tsx')).ExportDialog }));
const ImportDialog = lazy(async () => ({ default: (await import('../transfers/import.dialog.tsx')).ImportDialog }));
const ImportView = lazy(async () => ({ default: (await import('../transfers/import.view.tsx')).ImportView }));

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
    { field: 'kind', as: 'import_file', draw: nameOf },
    { field: 'status', sort: 'status', draw: (row) => <Badge value={textOf(row, 'status')} /> },
    { field: 'dry_run', as: 'trial', isWide: true },
    { field: 'failed', sort: 'failed', isWide: true },
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
