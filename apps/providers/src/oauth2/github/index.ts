/**
 * For programs that sign people in by GitHub alone: they ask the platform instead. Their `/login/oauth/authorize` and `/login/oauth/access_token` are
 * the endpoints of OAuth 2 under another address; what they read with the token is here.
 */

export { createGitHubNeighbours, type GitHubNeighbours } from './github.client.ts';
export { createGitHubRpc } from './github.rpc.ts';
export { createGitHub } from './github.ts';
