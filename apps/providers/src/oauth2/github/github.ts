import type { directory, providers } from '@postern/proto';
import type { Call } from '@postern/rpc';
import { bearerOf, type FindLiveToken, type RequireHolder } from '../access/index.ts';
import { oauth2Errors } from '../oauth2.errors.ts';
import type { People } from '../ports.ts';
import type { GitHubNeighbours } from './github.client.ts';
import { type GitHubObject, gitHubEmails, gitHubTeams, gitHubUser } from './github.shapes.ts';

export type GitHubDeps = {
  readonly findLiveToken: FindLiveToken;
  readonly requireHolder: RequireHolder;
  readonly people: Pick<People, 'find'>;
  readonly github: GitHubNeighbours;
};

type Request = providers.GetGitHubRequest;

/** What such programs read. All throw INVALID_TOKEN and INSUFFICIENT_SCOPE. */
export type GitHub = {
  user(request: Request, call: Call): Promise<GitHubObject>;
  emails(request: Request, call: Call): Promise<GitHubObject[]>;
  teams(request: Request, call: Call): Promise<GitHubObject[]>;
};

/** Creates what such programs read. */
export function createGitHub({ findLiveToken, requireHolder, people, github }: GitHubDeps): GitHub {
  async function personOf(request: Request, scope: string, call: Call): Promise<directory.User> {
    call.response.header('cache-control', 'no-store');
    const bearer = bearerOf({ access_token: tokenOf(request, call) }, call);
    const token = await findLiveToken(bearer, call);
    if (!token) throw oauth2Errors.INVALID_TOKEN();
    await requireHolder(bearer, call);
    if (!token.scopes.includes(scope)) throw oauth2Errors.INSUFFICIENT_SCOPE({ scope });
    const person = await people.find(call.context.tenant, token.grant.user, call);
    if (!person?.is_active) throw oauth2Errors.INVALID_TOKEN();
    return person;
  }
  return {
    async user(request, call) {
      const person = await personOf(request, 'user:email', call);
      return gitHubUser(person, await github.joined(person.pk, call));
    },
    emails: async (request, call) => gitHubEmails(await personOf(request, 'user:email', call)),
    async teams(request, call) {
      const person = await personOf(request, 'read:org', call);
      return gitHubTeams(person, await github.brand(call));
    },
  };
}

/** GitHub takes `token` for `Bearer`. */
function tokenOf({ access_token }: Request, { headers }: Call): string {
  const [, token = access_token] = /^token +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return token;
}
