import { expect, it } from 'vitest';
import { createPortalClient } from './portal.client.ts';

const load = (answer: (path: string) => Response) =>
  createPortalClient({ fetch: async (path) => answer(String(path)) }).load();

it('tells a person who is not signed in from a server in trouble', async () => {
  expect(await load(() => new Response('', { status: 403 }))).toEqual({ failure: 'signed-out' });
  expect(await load(() => new Response('', { status: 502 }))).toEqual({ failure: 'server' });
});

it('leaves out what an administrator has hidden', async () => {
  const results = [{ pk: '1', name: 'Backup', launch_url: 'blank://blank' }];
  const outcome = await load((path) => Response.json(path.includes('/users/me/') ? { user: {} } : { results }));
  expect(outcome).toMatchObject({ portal: { applications: [] } });
});

it('lists applications, those without an address to launch too', async () => {
  const results = [{ pk: '1', name: 'Wiki', launch_url: null, open_in_new_tab: false }];
  const outcome = await load((path) =>
    Response.json(path.includes('/users/me/') ? { user: { username: 'ada', name: 'Ada' } } : { results }),
  );
  expect(outcome).toMatchObject({
    portal: { me: { username: 'ada' }, applications: [{ name: 'Wiki', launchUrl: undefined }] },
  });
});

it('reads every page of a long list', async () => {
  const outcome = await load((path) => {
    if (path.includes('/users/me/')) return Response.json({ user: {} });
    const page = Number(new URL(path, 'http://localhost').searchParams.get('page'));
    return Response.json({ pagination: { next: page === 1 ? 2 : 0 }, results: [{ pk: String(page) }] });
  });
  expect(outcome).toMatchObject({ portal: { applications: [{ pk: '1' }, { pk: '2' }] } });
});

it('shows the administration to those who may open it', async () => {
  const meOf = async (user: object) => {
    const outcome = await load((path) => Response.json(path.includes('/users/me/') ? { user } : { results: [] }));
    return 'portal' in outcome && outcome.portal.me.mayAdminister;
  };
  expect(await meOf({ is_superuser: false, system_permissions: ['view_system_info'] })).toBe(false);
  expect(await meOf({ is_superuser: true })).toBe(true);
  expect(await meOf({ system_permissions: ['access_admin_interface'] })).toBe(true);
});
