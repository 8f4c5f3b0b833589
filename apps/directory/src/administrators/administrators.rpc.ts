import type { Database } from '@postern/database';
import { directory } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { findAdministrators } from './administrators.repository.ts';

/** Describes administrators to the services that guard themselves. */
export function bindAdministrators({ db }: { readonly db: Pick<Database, 'read'> }): BoundService {
  return bind(directory.AdministratorServiceDefinition, {
    describeAdministrators: (_request, { context }) => db.read(context, findAdministrators),
  });
}
