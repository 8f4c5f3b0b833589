import type { Migration } from '@postern/database';

/** Pictures may lie elsewhere: then the row says where, and holds no bytes. */
export const mediaMigrations: Migration[] = [
  { name: 'providers/0141-media-elsewhere', up: ['alter table media_file add column stored_at text'] },
];
