import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock, mmdbOf } from '@postern/testkit';
import { afterAll, expect, it } from 'vitest';
import { createGeo } from './geo.ts';

const LONDON = {
  city: { names: { en: 'London' } },
  continent: { code: 'EU' },
  country: { iso_code: 'GB' },
  location: { latitude: 51.5142, longitude: -0.0931 },
};
const SOMEWHERE = { continent: { code: 'AS' }, location: { latitude: 35.5, longitude: 139.5 } };

const folder = await mkdtemp(join(tmpdir(), 'postern-geo-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const clock = fakeClock();
const quiet = { info: () => undefined, warn: () => undefined };
const geoOf = (file: string | undefined) => createGeo({ file, clock, log: quiet });

it('finds nothing without a file, in one that is missing, and in one that is no database', async () => {
  const broken = join(folder, 'broken.mmdb');
  await writeFile(broken, 'no database');
  for (const file of [undefined, join(folder, 'missing.mmdb'), broken]) {
    const geo = geoOf(file);
    expect(await geo.locate('81.2.69.142')).toBeUndefined();
    expect(geo.isLoaded()).toBe(false);
  }
});

it('finds the place of an address, and leaves empty what is not known', async () => {
  const file = join(folder, 'city.mmdb');
  await writeFile(file, mmdbOf({ '81.2.69.0/24': LONDON, '203.0.113.0/25': SOMEWHERE }));
  const geo = geoOf(file);
  expect(geo.isLoaded()).toBe(true);
  expect(await geo.locate('81.2.69.142')).toEqual({
    continent: 'EU',
    country: 'GB',
    lat: 51.5142,
    long: -0.0931,
    city: 'London',
  });
  expect(await geo.locate('203.0.113.9')).toEqual({ continent: 'AS', country: '', lat: 35.5, long: 139.5, city: '' });
  for (const address of ['203.0.113.200', '10.0.0.1', '', 'nowhere', '2001:db8::1']) {
    expect(await geo.locate(address)).toBeUndefined();
  }
});

it('reads the file again when it changed, and keeps what it had when the new one is broken', async () => {
  const file = join(folder, 'changing.mmdb');
  await writeFile(file, mmdbOf({ '81.2.69.0/24': SOMEWHERE }));
  const geo = geoOf(file);
  expect((await geo.locate('81.2.69.142'))?.continent).toBe('AS');
  await writeFile(file, mmdbOf({ '81.2.69.0/24': LONDON }));
  expect((await geo.locate('81.2.69.142'))?.continent).toBe('AS');
  clock.advance(61_000);
  expect((await geo.locate('81.2.69.142'))?.continent).toBe('EU');
  await writeFile(file, 'broken');
  clock.advance(61_000);
  expect((await geo.locate('81.2.69.142'))?.continent).toBe('EU');
});
