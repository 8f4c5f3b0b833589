import { invalidField, invalidFields, PosternError } from '@postern/errors';
import {
  BlueprintError,
  describePicture,
  digestOf,
  type Json,
  readPicture,
  type WantedPicture,
} from '../format/index.ts';
import type { Model, Models, Picture, Pictures } from '../registry/index.ts';
import type { ExtraField } from './extra-fields.client.ts';

/** The pictures of all models that have some, as fields that entries may give. */
export function createPictureFields({
  models,
  pictures,
}: {
  models: Models;
  pictures: Pictures;
}): readonly ExtraField[] {
  return [...models.values()].flatMap((model) =>
    model.picture === undefined ? [] : [pictureField(model, model.picture, pictures)],
  );
}

function pictureField(model: Model, field: string, pictures: Pictures): ExtraField {
  const keyOf = (object: Readonly<Record<string, Json>>) => String(object[model.keyField]);
  return {
    model: model.label,
    field,
    app: model.app,
    because: 'Pictures are uploaded by an operation of their own.',
    fault: faultOf,
    async look(object, value, origin) {
      const key = keyOf(object);
      const held = (await pictures.read(model, [key], origin)).get(key);
      const wanted = readPicture(value);
      return { isSame: isHeld(wanted, held), before: shownHeld(held), after: shownWanted(wanted) };
    },
    async set(object, value, origin, dryRun) {
      const wanted = readPicture(value);
      if ('sha256' in wanted) {
        // A plan need not have the bytes to say that they are others.
        if (dryRun) return;
        throw invalidField(field, 'The picture is named only: its bytes are not given.');
      }
      const picture = 'content' in wanted ? { content: wanted.content } : wanted;
      await pictures.set(model, keyOf(object), picture, origin).catch((error: unknown) => refuse(error, field));
    },
  };
}

function faultOf(value: Json): string | undefined {
  try {
    readPicture(value);
    return undefined;
  } catch (error) {
    if (error instanceof BlueprintError) return error.message;
    throw error;
  }
}

function isHeld(wanted: WantedPicture, held: Picture | undefined): boolean {
  if ('address' in wanted) return wanted.address === (held?.address ?? '');
  return held?.upload?.sha256 === ('sha256' in wanted ? wanted.sha256 : digestOf(wanted.content));
}

function shownHeld(held: Picture | undefined): string {
  return held?.upload ? describePicture(held.upload) : (held?.address ?? '');
}

function shownWanted(wanted: WantedPicture): string {
  if ('address' in wanted) return wanted.address;
  if ('sha256' in wanted) return `sha256:${wanted.sha256.slice(0, 16)}`;
  const { content, contentType } = wanted;
  return describePicture({ contentType, size: content.length, sha256: digestOf(content) });
}

/** What a service says of the picture is said of the field of the entry: services know it by other names. */
function refuse(error: unknown, field: string): never {
  if (!(error instanceof PosternError) || error.code !== 'INVALID_ARGUMENT') throw error;
  const { violations, message } = error;
  const told = violations.length > 0 ? violations : [{ description: message, reason: '' }];
  throw invalidFields(told.map((one) => ({ ...one, field })));
}
