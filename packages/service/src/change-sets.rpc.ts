import { type ChangeSetScope, changeSetErrors, type Database } from '@postern/database';
import { changes } from '@postern/proto';
import { type BoundService, bind, type Call } from '@postern/rpc';

/** Begins and ends what a database holds for change sets. Every app with data serves it. */
export function bindChangeSets({ database }: { database: Pick<Database, 'changeSets'> }): BoundService {
  const { changeSets } = database;
  return bind(changes.ChangeSetServiceDefinition, {
    begin: async (_, call) => {
      await changeSets.begin(scopeOf(call));
      return {};
    },
    keep: async (_, call) => {
      await changeSets.keep(scopeOf(call));
      return {};
    },
    commit: async (_, call) => {
      await changeSets.commit(scopeOf(call));
      return {};
    },
    rollback: async (_, call) => {
      await changeSets.rollback(scopeOf(call));
      return {};
    },
  });
}

/** The change set that the signed metadata names. Throws CHANGE_SET_LOST when it names none. */
function scopeOf({ context: { tenant, changeSet } }: Call): ChangeSetScope {
  if (changeSet === undefined) throw changeSetErrors.CHANGE_SET_LOST();
  return { tenant, changeSet };
}
