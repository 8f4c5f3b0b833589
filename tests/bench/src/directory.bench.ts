import { CROWD, CROWD_NAME, fillDirectory, GROUPS, USERS } from './directory.rows.ts';
import { type Installation, startInstallation } from './installation.ts';
import { latencyOf, load } from './load/load.ts';
import { type Measure, percentile } from './measure.ts';
import type { Part } from './part.ts';

/** Pages are asked for one at a time: what is measured is how long one takes. The slowest is asked for by so many at once besides. */
const LANES = 4;
const CHANGES = 200;

/** Queries of lists that belong together: their slowest is told. */
type Family = {
  readonly name: string;
  readonly path: string;
  readonly queries: readonly string[];
  /** Milliseconds. Default: 60; none where no index could lead to the page. */
  readonly most?: number | undefined;
};

const ordered = (fields: readonly string[]) => fields.flatMap((field) => [`ordering=${field}`, `ordering=-${field}`]);

const families = ({ pk, uuid, group }: Known): readonly Family[] => [
  { name: 'pages of users', path: 'users', queries: ['', 'page=2500', 'page=last'] },
  {
    name: 'users, each ordering',
    path: 'users',
    queries: ordered(['pk', 'username', 'name', 'is_active', 'last_login', 'email', 'path', 'type', 'uuid']),
  },
  {
    name: 'users, each filter',
    path: 'users',
    queries: [
      'username=user-0500000',
      'email=user500000@example.com',
      'name=First77+Last7',
      `uuid=${uuid}`,
      'is_active=true',
      'is_active=false',
      'is_superuser=true',
      'is_superuser=false',
      `attributes=${encodeURIComponent('{"number": 500000}')}`,
      'groups_by_name=group-000777',
      `groups_by_name=${encodeURIComponent(CROWD_NAME)}`,
      `groups_by_pk=${group}`,
      'path=team/7',
      'path_startswith=team/7',
      'type=external',
      'type=service_account',
    ],
  },
  {
    name: 'users, each search',
    path: 'users',
    queries: [
      'search=user-0424242',
      'search=example',
      'search=First77+Last777',
      'search=nobody+has+this',
      'search=42',
      `search=${uuid}`,
    ],
  },
  {
    name: 'users, filters, searches and orderings together',
    path: 'users',
    queries: [
      'is_active=false&ordering=-last_login',
      'type=external&ordering=email',
      'path_startswith=team/7&ordering=name',
      'type=external&path_startswith=team/7&is_active=true',
      'search=example&ordering=-last_login',
      'groups_by_name=group-000777&ordering=-name',
    ],
  },
  {
    name: 'users, found in tens of thousands that all stand far behind in the order',
    path: 'users',
    queries: [
      'search=user-04&is_active=false',
      `groups_by_name=${encodeURIComponent(CROWD_NAME)}&ordering=-last_login`,
    ],
    most: undefined,
  },
  {
    name: 'groups: pages, filters, searches and orderings',
    path: 'groups',
    queries: [
      '',
      'page=2500',
      'name=group-050000',
      'is_superuser=true',
      'is_superuser=false',
      `attributes=${encodeURIComponent('{"number": 50000}')}`,
      `members_by_pk=${pk}`,
      'members_by_username=user-0500000',
      'search=group-0424',
      'search=group',
      'search=42',
      ...ordered(['pk', 'is_superuser', 'parent']),
      'ordering=name',
    ],
  },
];

type Known = { readonly pk: number; readonly uuid: string; readonly group: string };

/** A million users and a hundred thousand groups: every way to list them, who is asking, and changes of membership. */
export const directory: Part = {
  name: 'directory',
  isAsked: true,
  async run({ code }) {
    const installation = await startInstallation(code);
    try {
      const began = performance.now();
      await fillDirectory(installation.sql);
      process.stderr.write(`${USERS} users in ${((performance.now() - began) / 1_000).toFixed(0)} s ... `);
      const { rows } = await installation.sql.query<Known>(
        `select u.pk, u.uuid, m.group_pk as group from directory.user_account u join directory.membership m on m.user_pk = u.pk
         where u.username = 'user-0500000' limit 1`,
      );
      const [known] = rows;
      if (known === undefined) throw new Error('the rows are not there');
      const lists: Measure[] = [];
      for (const family of families(known)) lists.push(await slowest(installation, family));
      return [...lists, await me(installation), ...(await changes(installation, known))];
    } finally {
      await installation.stop();
    }
  },
};

async function slowest(installation: Installation, family: Family): Promise<Measure> {
  const { name, path, queries } = family;
  const most = 'most' in family ? family.most : 60;
  const told: { p95: number; query: string }[] = [];
  for (const query of queries) told.push({ p95: await p95Of(installation, addressOf(path, query)), query });
  told.sort((a, b) => b.p95 - a.p95);
  const [worst = { p95: Number.NaN, query: '' }] = told;
  const crowded = await p95Of(installation, addressOf(path, worst.query), LANES);
  const note = told
    .slice(0, 4)
    .map(({ p95, query }) => `${p95.toFixed(0)} ms: ${decodeURIComponent(query) || 'the first page'}`);
  return {
    name: `${name}, p95 of the slowest of ${queries.length}`,
    value: worst.p95,
    unit: 'ms',
    ...(most !== undefined && { target: { most } }),
    note: `${note.join('; ')}; the slowest ${LANES} at a time: ${crowded.toFixed(0)} ms`,
  };
}

const addressOf = (path: string, query: string) => `/api/v3/core/${path}/?page_size=20&${query}`;

async function p95Of(installation: Installation, path: string, lanes = 1): Promise<number> {
  return percentile((await ask(installation, path, lanes)).latencies, 0.95);
}

function ask({ host, port, token }: Installation, path: string, lanes: number) {
  const requests = [{ method: 'GET', path, headers: { authorization: `Bearer ${token}` } }];
  const plan = { host, port, lanes, milliseconds: 1_000, warmUp: 500 };
  return load({ ...plan, journey: 'requests', options: { requests } });
}

async function me(installation: Installation): Promise<Measure> {
  const result = await ask(installation, '/api/v3/core/users/me/', LANES);
  const value = percentile(result.latencies, 0.95);
  return { name: '`me`, p95', value, unit: 'ms', target: { most: 10 }, note: latencyOf(result) };
}

/** Somebody leaves a group and joins it again, one after the other: a small group, and one of a hundred thousand. */
async function changes({ api, sql }: Installation, { pk, group }: Known): Promise<Measure[]> {
  const { rows } = await sql.query<{ pk: string }>(`select pk from directory.user_group where name = $1`, [CROWD_NAME]);
  const small = await changing(api, group, pk);
  const large = await changing(api, rows[0]?.pk ?? '', pk);
  return [
    {
      name: `joining or leaving a group of ${CROWD.toLocaleString('en-US')}, p95`,
      value: large,
      unit: 'ms',
      target: { most: 60 },
      baseline: { name: `a group of ${Math.round((USERS * 3) / GROUPS)}`, value: small },
    },
  ];
}

async function changing(api: Installation['api'], group: string, pk: number): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < CHANGES; index++) {
    const began = performance.now();
    await api('POST', `/core/groups/${group}/${index % 2 === 0 ? 'remove_user' : 'add_user'}/`, { pk });
    taken.push(performance.now() - began);
  }
  return percentile(Float64Array.from(taken).sort(), 0.95);
}
