import { type ApiClient, isOk } from '../api/api.client.ts';
import { safeTarget } from '../executor/navigation.ts';
import { listOf, textOf, wireOf } from '../executor/wire.codec.ts';

/** A link below every page; without `href` it is words only. */
export type FooterLink = { readonly name: string; readonly href?: string };

/** The links that the administrator put below the pages. None when they do not come: nobody waits for them. */
export async function loadFooterLinks(api: Pick<ApiClient, 'get'>, base: string): Promise<readonly FooterLink[]> {
  const answer = await api.get('/api/v3/core/brands/current/');
  if (!isOk(answer)) return [];
  const links = listOf(wireOf(answer.body), 'ui_footer_links', (value) => {
    const wire = wireOf(value);
    return { name: textOf(wire, 'name'), href: safeTarget(textOf(wire, 'href'), base) };
  });
  return links.filter(({ name }) => name !== '');
}
