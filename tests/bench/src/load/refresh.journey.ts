import { form } from './form.ts';
import { expectStatus, type Journey } from './journey.ts';

/** Refresh tokens to begin with, one for each lane. */
export type RefreshOptions = {
  readonly tokens: readonly string[];
  /** Value of the Authorization header of the client. */
  readonly client: string;
  /** Path of the token endpoint. Default: that of the platform. */
  readonly path?: string;
};

/** One refresh with rotation: the next uses the token that this one gave. */
export const refreshJourney: Journey<RefreshOptions> = (
  { index, connection },
  { tokens, client, path = '/application/o/token/' },
) => {
  let token = tokens[index];
  return async () => {
    if (token === undefined) throw new Error('a lane has no refresh token');
    const answer = await connection.send(form(path, client, { grant_type: 'refresh_token', refresh_token: token }));
    expectStatus(answer, 200);
    const { refresh_token: next }: { refresh_token?: string } = JSON.parse(answer.body);
    token = next;
    return 'more';
  };
};
