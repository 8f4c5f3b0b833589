import { fork } from 'node:child_process';
import { once } from 'node:events';
import { firstMessage } from '../child.ts';

/** What the process of the other provider is told: where its data goes, its own memory by default. */
export type PeerPlan = { readonly databaseUrl?: string };

/** Tokens of a person, one pair for each lane. */
export type PeerTokens = readonly { readonly access: string; readonly refresh: string }[];

/** The other provider, running. */
export type Peer = {
  readonly host: string;
  readonly port: number;
  readonly server: { readonly pid: number };
  /** Makes tokens. Its memory forgets what was made long ago: ask when they are needed. */
  issue(count: number): Promise<PeerTokens>;
  stop(): void;
};

/** The client that both providers know. */
export const PEER_CLIENT = { client_id: 'bench', client_secret: 'b'.repeat(64) } as const;

/** How that client proves who it is. */
export const PEER_AUTHORIZATION = `Basic ${Buffer.from(`${PEER_CLIENT.client_id}:${PEER_CLIENT.client_secret}`).toString('base64')}`;

/** Starts `oidc-provider` in a process of its own. */
export async function startPeer(plan: PeerPlan): Promise<Peer> {
  const child = fork(new URL('peer.server.ts', import.meta.url));
  child.send(plan);
  const port = await firstMessage<number>(child);
  return {
    host: '127.0.0.1',
    port,
    server: { pid: child.pid ?? 0 },
    async issue(count) {
      const answer = once(child, 'message');
      child.send(count);
      const [tokens] = await answer;
      return tokens;
    },
    stop: () => void child.kill(),
  };
}
