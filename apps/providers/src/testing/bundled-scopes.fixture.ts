/** The scope mappings that every tenant starts with, as the blueprints of the installation have them. */

import { bundledEntries } from '@postern/testkit';

/** Reads them. */
export async function bundledScopes() {
  const entries = await bundledEntries('authentik_providers_oauth2.scopemapping');
  return entries.map(({ identifiers: { managed }, attrs: { name, scope_name, description, expression } }) => ({
    managed: String(managed),
    name: String(name),
    scopeName: String(scope_name),
    description: String(description),
    expression: String(expression),
  }));
}
