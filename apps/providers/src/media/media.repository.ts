import type { EntityManager } from '@postern/database';
import { invalidField } from '@postern/errors';
import { v7 } from 'uuid';
import { MediaFileEntity } from './media-file.entity.ts';
import { pictureKind } from './picture.ts';

/** Folder of icons of applications. */
export const APPLICATION_ICONS = 'application-icons';

/** Largest picture, in bytes. */
const MAX_BYTES = 1_048_576;

const PREFIX = '/media/public';

/** Stores a picture; answers the path it is served under. Throws a field error for what is no picture, or too large. */
export function storePicture(em: EntityManager, folder: string, bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES)
    throw invalidField('file', `Ensure this file is no larger than ${MAX_BYTES} bytes.`, 'PICTURE_TOO_LARGE');
  const content = Buffer.from(bytes);
  const kind = pictureKind(content);
  if (!kind)
    throw invalidField(
      'file',
      'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
      'PICTURE_INVALID',
    );
  const pk = v7();
  em.create(MediaFileEntity, { pk, folder, contentType: kind.contentType, content });
  return `${PREFIX}/${folder}/${pk}.${kind.ending}`;
}

/** Removes the picture that a path stands for; a path of another place stands for none. */
export async function dropPicture(em: EntityManager, folder: string, path: string | null | undefined): Promise<void> {
  const file = path?.startsWith(`${PREFIX}/${folder}/`) ? path.slice(path.lastIndexOf('/') + 1) : undefined;
  const pk = file && keyOf(file);
  if (pk) await em.nativeDelete(MediaFileEntity, { pk, folder });
}

/** Key in the name of a file such as `0197c0de-0000-7000-8000-000000000000.png`; undefined when it has none. */
export function keyOf(file: string): string | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]{3,4}$/.exec(file)?.[1];
}
