import { auth } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { bare, ok } from '../headless.answer.ts';
import { text } from '../headless.fields.ts';
import { operation } from '../headless.operation.ts';
import type { HeadlessParts } from '../headless.parts.ts';

const LONGEST_TOKEN = 4096;

/** Serves the next tokens. Whatever is wrong with a token, it is told in the same words: none. */
export function createTokensRpc({ frame, appTokens }: HeadlessParts): BoundService {
  const refresh = frame.serve(
    operation({
      client: 'app',
      form: { refresh_token: text(LONGEST_TOKEN) },
      async run({ tenant }, { refresh_token }) {
        const pair = await appTokens.refresh(tenant, refresh_token);
        return pair === undefined ? bare(400) : ok({ ...pair });
      },
    }),
  );
  return bind(auth.HeadlessTokenServiceDefinition, {
    refreshTokens: ({ body }, call) => refresh({ client: 'app', body }, call),
  });
}
