import { expect, it } from 'vitest';
import { ADA, aProtocol, aUser } from '../protocol.fixture.ts';
import { slugOf } from './github.shapes.ts';

const protocol = await aProtocol();
const { aCode, redeem, github, origin, world } = protocol;
await protocol.client('forge');

const tokenFor = async (scope: string) => (await redeem('forge', (await aCode('forge', { scope })).code)).access_token;
const bearer = (token: string, scheme = 'Bearer') => origin({ headers: { authorization: `${scheme} ${token}` } });
const read = ({ data }: { data: Uint8Array }) => JSON.parse(Buffer.from(data).toString());

it.each([
  ['no token', () => github.getGitHubUser({}, origin({})), 'INVALID_TOKEN'],
  ['an unknown token', () => github.listGitHubTeams({}, bearer('x.y.z')), 'INVALID_TOKEN'],
  [
    'a token without its scope',
    async () => github.getGitHubUser({}, bearer(await tokenFor('openid'))),
    'INSUFFICIENT_SCOPE',
  ],
  [
    'addresses without theirs',
    async () => github.listGitHubEmails({}, bearer(await tokenFor('read:org'))),
    'INSUFFICIENT_SCOPE',
  ],
  [
    'teams without theirs',
    async () => github.listGitHubTeams({}, bearer(await tokenFor('user:email'))),
    'INSUFFICIENT_SCOPE',
  ],
])('refuses %s', async (_name, attempt, reason) => {
  await expect(attempt()).rejects.toMatchObject({ reason });
});

it('refuses the token of somebody who was deactivated', async () => {
  const token = await tokenFor('user:email');
  const ada = aUser(ADA, 'ada');
  world.people.set(ADA, { ...ada, is_active: false });
  await expect(github.getGitHubUser({}, bearer(token))).rejects.toMatchObject({ reason: 'INVALID_TOKEN' });
  world.people.set(ADA, ada);
});

it.each(['Bearer', 'token'])(
  'tells who a token of the scheme %s stands for, in the shape of GitHub',
  async (scheme) => {
    const token = await tokenFor('user:email');
    expect(read(await github.getGitHubUser({}, bearer(token, scheme)))).toMatchObject({
      login: 'ada',
      id: ADA,
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      created_at: '2020-01-02T03:04:05.000Z',
      updated_at: '2020-01-02T03:04:05.000Z',
      type: 'User',
      site_admin: false,
      hireable: false,
      two_factor_authentication: true,
      avatar_url: '',
      followers: 0,
      plan: { name: 'None', space: 0, private_repos: 0, collaborators: 0 },
    });
    expect(read(await github.listGitHubEmails({ access_token: token }, origin({})))).toEqual([
      { email: 'ada@example.com', primary: true, verified: true, visibility: null },
    ]);
  },
);

it('tells the groups of the person as teams of the brand', async () => {
  const [team, ...others] = read(await github.listGitHubTeams({}, bearer(await tokenFor('read:org'))));
  expect(others).toEqual([]);
  expect(team).toMatchObject({
    name: 'staff',
    slug: 'staff',
    parent: null,
    members_count: 0,
    organization: { login: 'postern-co', id: 1, name: 'Postern & Co', is_verified: true, type: 'Organization' },
  });
  expect(String(team.id)).toMatch(/^\d{1,5}$/);
});

it('makes addresses of names', () => {
  expect(['Über uns!', '  A -- b_c ', '---'].map(slugOf)).toEqual(['uber-uns', 'a-b_c', '']);
});
