/** Phones of a test: somebody who takes messages for them, and the stage of the tenant that sends through it. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { auth as protos } from '@postern/proto';
import { asService } from '@postern/rpc';
import { afterAll } from 'vitest';
import type { HeadlessHouse } from './headless-house.fixture.ts';

/** A message as it arrived. */
export type Message = { readonly to: string; readonly code: string; readonly text: string };

/** What a house needs to reach phones on this machine. */
export const NEARBY = { POSTERN_EGRESS__ALLOW: '127.0.0.0/8' };

/** Starts it, and sets the stage up. */
export async function phonesOf(house: HeadlessHouse) {
  const messages: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  const server = createServer(async (request, response) => {
    const { To, Body, Message: text } = Object(await json(request));
    const message = { to: String(To), code: String(Body), text: String(text) };
    messages.push(message);
    waiting.shift()?.(message);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterAll(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stages = house.running.client(protos.AuthenticatorSmsStageServiceDefinition, 'auth');
  const authenticator_sms_stage = protos.AuthenticatorSmsStage.fromPartial({
    name: 'Phones',
    provider: 'generic',
    from_number: '+15550000',
    account_sid: `http://127.0.0.1:${address.port}/send`,
    auth: 'me',
    auth_password: 'pass',
    auth_type: 'basic',
  });
  const { pk } = await stages.createAuthenticatorSmsStage({ authenticator_sms_stage }, asService(house.tenant));
  let asked = 0;
  return {
    messages,
    /** The first message that this was not asked for before; waits until there is one. */
    async next(): Promise<Message> {
      const there = messages[asked++];
      return there ?? new Promise((resolve) => waiting.push(resolve));
    },
    /** Takes the stage away: nothing sends any more. */
    remove: () => stages.deleteAuthenticatorSmsStage({ stage_uuid: pk }, asService(house.tenant)),
  };
}
