import { common } from '@postern/errors';
import type { directory } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** A user who may be signed in, with what they may do, as the directory knows them at this moment. */
export type Standing = Omit<directory.UserPrincipal, 'user'> & { readonly user: directory.UserFacts };

/** Asks whether somebody may be signed in: the one question behind every session, principal and fact about a session. */
export type StatusGate = {
  /** The user as they stand; undefined when they are gone or deactivated. Throws UNAVAILABLE when the directory is away. */
  admit(tenant: string, pk: number, call?: Call): Promise<Standing | undefined>;
  /** The same, deactivated users included. */
  find(tenant: string, pk: number, call?: Call): Promise<Standing | undefined>;
};

/** What the gate asks. */
export type StatusGateDeps = {
  readonly userDirectory: Pick<Client<directory.UserDirectoryServiceDefinition>, 'getPrincipal'>;
};

/** Creates the gate. It remembers nothing: whoever wants speed keeps the sealed principal for the seconds it lives. */
export function createStatusGate({ userDirectory }: StatusGateDeps): StatusGate {
  async function find(tenant: string, pk: number, call?: Call): Promise<Standing | undefined> {
    try {
      const found = await userDirectory.getPrincipal({ pk }, asService(tenant, call));
      return found.user && { ...found, user: found.user };
    } catch (error) {
      if (common.NOT_FOUND.is(error)) return undefined;
      throw error;
    }
  }
  return {
    find,
    async admit(tenant, pk, call) {
      const standing = await find(tenant, pk, call);
      return standing?.user.is_active === true ? standing : undefined;
    },
  };
}
