import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@postern/database';
import { mmdbOf } from '@postern/testkit';
import { afterAll, expect, it } from 'vitest';
import { anAuth } from '../../testing/auth.fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'postern-reputation-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const places = join(folder, 'city.mmdb');
const somewhere = {
  continent: { code: 'EU' },
  country: { iso_code: 'GB' },
  location: { latitude: 51.5, longitude: -0.5 },
};
await writeFile(places, mmdbOf({ '192.0.2.0/24': somewhere }));
const house = await anAuth({ POSTERN_GEOIP__CITY: places });

it('shows where the address of a score is, as far as that is known', async () => {
  await house.sql(
    `insert into reputation (tenant_id, pk, identifier, ip, score, updated, expires)
     select $1, gen_random_uuid(), 'ada', ip, -1, now(), now() + interval '1 day' from unnest($2::text[]) as ip`,
    [DEFAULT_TENANT, ['192.0.2.9', '203.0.113.9']],
  );
  const admin = house.asUser(DEFAULT_TENANT, house.people.add(DEFAULT_TENANT, 'admin', { superuser: true }));
  const { results } = await house.reputations.listReputations({ identifier: 'ada' }, admin);
  expect(results.map(({ ip, ip_geo_data }) => [ip, ip_geo_data])).toEqual([
    ['192.0.2.9', { continent: 'EU', country: 'GB', lat: 51.5, long: -0.5, city: '' }],
    ['203.0.113.9', {}],
  ]);
});
