import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { CityResponse, Reader } from 'maxmind';

/** Where an address is, in the words of event contexts. */
export type Place = {
  /** Code of the continent, such as `EU`; empty when unknown. */
  readonly continent: string;
  /** ISO 3166 code of the country; empty when unknown. */
  readonly country: string;
  /** Degrees. */
  readonly lat: number;
  readonly long: number;
  /** English name; empty when unknown. */
  readonly city: string;
};

/** Finds places. */
export type Geo = {
  /** Where an address is; undefined without a database, and for addresses that it does not know. Never throws. */
  locate(address: string): Promise<Place | undefined>;
  /** Whether there is a database to ask. */
  isLoaded(): boolean;
};

export type GeoDeps = {
  /** The file; none finds nothing. */
  readonly file: string | undefined;
  readonly clock: { now(): Date };
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
};

type Loaded = { readonly version: string; readonly reader?: Reader<CityResponse> };

/** How often the file is looked at, at most: an update comes once a week. */
const LOOK_MS = 60_000;

/** Creates what finds places. The file is read when the first address is asked for. */
export function createGeo({ file, clock, log }: GeoDeps): Geo {
  let loaded: Loaded | undefined;
  let lookAt = 0;
  let looking: Promise<void> | undefined;

  async function look(path: string): Promise<void> {
    const version = await versionOf(path);
    if (version === loaded?.version) return;
    try {
      // The library is loaded where there is a file to read.
      const [maxmind, bytes] = await Promise.all([import('maxmind'), readFile(path)]);
      loaded = { version, reader: new maxmind.Reader<CityResponse>(bytes) };
      log.info({ file: path }, 'places of clients are read from a new file');
    } catch (err) {
      // What was read before is better than nothing, and the same broken file is not read again.
      loaded = { ...loaded, version };
      log.warn({ err, file: path }, 'places of clients cannot be read');
    }
  }

  async function reader(path: string): Promise<Reader<CityResponse> | undefined> {
    if (clock.now().getTime() >= lookAt) {
      lookAt = clock.now().getTime() + LOOK_MS;
      looking = look(path).finally(() => {
        looking = undefined;
      });
    }
    await looking;
    return loaded?.reader;
  }

  return {
    async locate(address) {
      if (!file || address === '') return undefined;
      try {
        const found = (await reader(file))?.get(address);
        return found?.location ? placeOf(found) : undefined;
      } catch {
        // An address that is none, or a file that ends in the middle: events are kept without a place.
        return undefined;
      }
    },
    isLoaded: () => file !== undefined && (loaded ? loaded.reader !== undefined : isThere(file)),
  };
}

function placeOf({ continent, country, location, city }: CityResponse): Place {
  return {
    continent: continent?.code ?? '',
    country: country?.iso_code ?? '',
    lat: location?.latitude ?? 0,
    long: location?.longitude ?? 0,
    city: city?.names.en ?? '',
  };
}

async function versionOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path).catch(() => ({ mtimeMs: 0, size: -1, ino: 0 }));
  return `${ino} ${mtimeMs} ${size}`;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
