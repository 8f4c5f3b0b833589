import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from './installation.ts';
import type { Measure } from './measure.ts';
import type { Part } from './part.ts';
import { cpuOf } from './platform.ts';
import { settled } from './settled.ts';

/** A file of rows, each of which makes an object or is about one. */
type File = {
  readonly name: string;
  readonly kind: 'users' | 'groups' | 'roles';
  readonly head: string;
  readonly rows: number;
  row(index: number): string;
};

const USERS = 5_000;
const GROUPS = 2_000;
const ROLES = 1_000;

const user = (index: number, name: string, groups = '') =>
  `import-${index},${name} ${index},import-${index}@example.com${groups}`;

const FILES: readonly File[] = [
  {
    name: 'roles with two permissions',
    kind: 'roles',
    head: 'name,permissions',
    rows: ROLES,
    row: (index) => `role-${index},authentik_core.view_user;authentik_core.view_group`,
  },
  {
    name: 'groups with parent and role',
    kind: 'groups',
    head: 'name,parent,roles',
    rows: GROUPS,
    row: (index) => `group-${index},${index % 20 === 0 ? '' : `group-${index - (index % 20)}`},role-${index % ROLES}`,
  },
  { name: 'users', kind: 'users', head: 'username,name,email', rows: USERS, row: (index) => user(index, 'New') },
  {
    name: 'users in two groups',
    kind: 'users',
    head: 'username,name,email,groups',
    rows: USERS,
    row: (index) => user(index + USERS, 'New', `,group-${index % 500};group-${500 + (index % 300)}`),
  },
  {
    name: 'users that change',
    kind: 'users',
    head: 'username,name,email',
    rows: USERS,
    row: (index) => user(index, 'Other'),
  },
  {
    name: 'users that stay',
    kind: 'users',
    head: 'username,name,email',
    rows: USERS,
    row: (index) => user(index, 'Other'),
  },
];

/** Files of users, groups and roles: from the start of the import until it says that it is done. */
export const imports: Part = {
  name: 'imports',
  isAsked: true,
  async run(stage) {
    const installation = await stage.installation();
    await settled(installation.server);
    const measures: Measure[] = [];
    for (const file of FILES) measures.push(await measured(installation, file));
    return measures;
  },
};

async function measured(installation: Installation, file: File): Promise<Measure> {
  const { server } = installation;
  const before = cpuOf(server.pid);
  const begin = performance.now();
  await read(installation, file);
  const seconds = (performance.now() - begin) / 1_000;
  const own = (cpuOf(server.pid) - before) / file.rows;
  const rest = await settled(server);
  const all = (cpuOf(server.pid) - before) / file.rows;
  return {
    name: `import of ${file.rows.toLocaleString('en-US')} ${file.name}`,
    value: file.rows / seconds,
    unit: 'rows/s',
    note: `${own.toFixed(2)} ms CPU each until it is done, ${all.toFixed(2)} with what was told, which took ${rest.toFixed(1)} s more`,
  };
}

type Report = { readonly pk: string; readonly status: string; readonly error: string; readonly failed: number };

async function read(installation: Installation, { kind, head, rows, row }: File): Promise<void> {
  const content = [head, ...Array.from({ length: rows }, (_, index) => row(index))].join('\n');
  const { pk } = await call<Report>(installation, 'POST', '', { kind, format: 'csv', dry_run: false });
  await call(installation, 'POST', `${pk}/parts/`, { number: 1, content });
  await call(installation, 'POST', `${pk}/start/`);
  for (;;) {
    await sleep(50);
    const { status, error, failed } = await call<Report>(installation, 'GET', `${pk}/`);
    if (status === 'failed' || failed > 0) throw new Error(`${failed} rows of an import of ${kind} failed. ${error}`);
    if (status === 'done') return;
  }
}

async function call<Answer>({ host, port, token }: Installation, method: string, path: string, body?: object) {
  const answer = await fetch(`http://${host}:${port}/api/postern/v1/directory/imports/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text || 'null') as Answer;
}
