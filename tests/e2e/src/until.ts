import { type Api, apiOf, type Json, until } from './api.client.ts';
import { ADMIN_TOKEN } from './bootstrap.ts';

/** What a fresh installation starts with takes a while on a busy machine. */
const FIRST_START_MS = 60_000;

/** Waits until the administrator and their token have reached every service: on a first start, a moment after all are ready. */
export async function untilKnown(url: string): Promise<void> {
  const api = apiOf({ url, token: ADMIN_TOKEN });
  await until(
    () => api.send('GET', '/core/users/me/'),
    ({ status }) => status === 200,
    FIRST_START_MS,
  );
}

/** Waits until a tenant has what it starts with: services apart from each other make it while they serve already. */
export async function untilProvisioned(api: Api): Promise<void> {
  await until(
    () => api.send('GET', '/managed/blueprints/?page_size=100'),
    ({ status, body: { results } }) =>
      status === 200 && Array.isArray(results) && results.length > 0 && results.every(isApplied),
    FIRST_START_MS,
  );
}

function isApplied(instance: Json): boolean {
  return instance.status === 'successful';
}
