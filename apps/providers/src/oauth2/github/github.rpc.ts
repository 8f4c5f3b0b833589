import { providers } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import type { GitHub } from './github.ts';

/** Serves programs that know GitHub alone. */
export function createGitHubRpc(github: GitHub): BoundService {
  return bind(providers.GitHubServiceDefinition, {
    getGitHubUser: async (request, call) => json(await github.user(request, call)),
    listGitHubEmails: async (request, call) => json(await github.emails(request, call)),
    listGitHubTeams: async (request, call) => json(await github.teams(request, call)),
  });
}

function json(value: unknown) {
  return { content_type: 'application/json', data: Buffer.from(JSON.stringify(value)), extensions: [] };
}
