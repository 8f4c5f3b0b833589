import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@postern/database';
import { invalidField } from '@postern/errors';
import { MediaFileEntity } from './media-file.entity.ts';
import { type PictureKind, type SafePicture, safePicture } from './picture.kind.ts';

/** Largest picture, in bytes. */
const MAX_BYTES = 1_048_576;

const PREFIX = '/media/public';

/** Reads an uploaded picture. Throws a field error for what is none, or too large. */
export function readPicture(bytes: Uint8Array): SafePicture {
  if (bytes.length > MAX_BYTES)
    throw invalidField('file', `Ensure this file is no larger than ${MAX_BYTES} bytes.`, 'PICTURE_TOO_LARGE');
  const picture = safePicture(Buffer.from(bytes));
  if (!picture)
    throw invalidField(
      'file',
      'Upload a valid image. The file you uploaded was either not an image or a corrupted image.',
      'PICTURE_INVALID',
    );
  return picture;
}

/** Stores a picture; answers the path it is served under. Throws a field error for what is no picture, or too large. */
export function storePicture(em: EntityManager, folder: string, bytes: Uint8Array): string {
  const { kind, content } = readPicture(bytes);
  const pk = randomUUID();
  em.create(MediaFileEntity, { pk, folder, contentType: kind.contentType, content });
  return picturePath(folder, pk, kind);
}

/** The path that a picture is served under. */
export function picturePath(folder: string, pk: string, { ending }: PictureKind): string {
  return `${PREFIX}/${folder}/${pk}.${ending}`;
}

/** Removes the picture that a path stands for; a path of another place stands for none. */
export async function dropPicture(em: EntityManager, folder: string, path: string | null | undefined): Promise<void> {
  const pk = keyOfPath(folder, path ?? '');
  if (pk) await em.nativeDelete(MediaFileEntity, { pk, folder });
}

/** An uploaded picture. */
export type StoredPicture = {
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly content_type: string;
  /** In bytes. */
  readonly size: number;
  /** Empty where it was not asked for. */
  readonly content: Buffer;
};

/** Uploaded pictures of a folder, by the paths they are served under. Paths of other places are left out. */
export async function findPictures(
  em: EntityManager,
  folder: string,
  paths: readonly string[],
  withContent: boolean,
): Promise<ReadonlyMap<string, StoredPicture>> {
  const keys = new Map(paths.flatMap((path) => [[path, keyOfPath(folder, path)] as const]));
  const wanted = [...new Set(keys.values())].filter((pk) => pk !== undefined);
  if (wanted.length === 0) return new Map();
  const rows = await em.execute<(StoredPicture & { pk: string })[]>(
    `select pk, content_type, octet_length(content) as size, encode(sha256(content), 'hex') as sha256,
       ${withContent ? 'content' : "''::bytea as content"}
     from media_file where folder = ? and pk in (${wanted.map(() => '?').join(', ')})`,
    [folder, ...wanted],
  );
  const found = new Map(rows.map(({ pk, ...picture }) => [pk, picture]));
  return new Map(
    [...keys].flatMap(([path, pk = '']) => {
      const picture = found.get(pk);
      return picture ? [[path, picture] as const] : [];
    }),
  );
}

/** Key of the uploaded picture that a path stands for; undefined for a path of another place. */
export function keyOfPath(folder: string, path: string): string | undefined {
  return path.startsWith(`${PREFIX}/${folder}/`) ? keyOf(path.slice(path.lastIndexOf('/') + 1)) : undefined;
}

/** Key in the name of a file such as `0197c0de-0000-7000-8000-000000000000.png`; undefined when it has none. */
export function keyOf(file: string): string | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[a-z]{3,4}$/.exec(file)?.[1];
}
