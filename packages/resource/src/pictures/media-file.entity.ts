import { defineEntity, type InferEntity, p, tenantTable } from '@postern/database';

/** An uploaded picture. It never changes: a new upload is a new row. */
export const MediaFileEntity = defineEntity({
  name: 'MediaFile',
  tableName: 'media_file',
  properties: {
    ...tenantTable(),
    /** Folder of its address, such as `application-icons`. */
    folder: p.text(),
    /** Media type, as found by looking at the bytes. */
    contentType: p.text(),
    content: p.blob(),
  },
});

export type MediaFileRow = InferEntity<typeof MediaFileEntity>;
