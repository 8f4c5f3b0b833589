import { pictures } from '@postern/proto';
import type { Origin } from '@postern/rpc';
import type { Model } from './model.ts';
import type { ClientFactory } from './objects.client.ts';

/** An uploaded picture, without its bytes. */
export type Upload = {
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
};

/** The picture of an object. */
export type Picture = {
  /** Where it is shown from. */
  readonly address: string;
  /** Undefined for one that is only an address. */
  readonly upload: Upload | undefined;
};

/** Reads and sets the pictures that objects show. */
export type Pictures = {
  /** Pictures by the keys of their objects; nothing for models without pictures, and for objects that have none. */
  read(model: Model, keys: readonly string[], origin: Origin): Promise<ReadonlyMap<string, Picture>>;
  /** The bytes of uploaded pictures, by the keys of their objects. */
  contents(model: Model, keys: readonly string[], origin: Origin): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Sets an address or a picture; with neither there is none. */
  set(model: Model, key: string, picture: { address: string } | { content: Uint8Array }, origin: Origin): Promise<void>;
};

/** Creates it. The service that keeps the objects of a model keeps their pictures. */
export function createPictures({ client }: { client: ClientFactory }): Pictures {
  const serviceOf = ({ app }: Model) => client(pictures.PictureServiceDefinition, app);

  async function read(model: Model, keys: readonly string[], origin: Origin, content: boolean) {
    if (model.picture === undefined || keys.length === 0) return [];
    return (await serviceOf(model).readPictures({ model: model.label, keys: [...keys], content }, origin)).pictures;
  }

  return {
    async read(model, keys, origin) {
      const found = await read(model, keys, origin, false);
      return new Map(
        found.map(({ key, address, sha256, content_type: contentType, size }) => {
          const upload = sha256 === '' ? undefined : { sha256, contentType, size };
          return [key, { address, upload }];
        }),
      );
    },
    async contents(model, keys, origin) {
      const found = await read(model, keys, origin, true);
      return new Map(found.map(({ key, content }) => [key, content]));
    },
    async set(model, key, picture, origin) {
      await serviceOf(model).setPicture({ model: model.label, key, ...picture }, origin);
    },
  };
}
