import { type FlowClient, type FlowRequest, type JsonObject, readSettings } from '../../plans/index.ts';
import { authenticatorSmsSettings } from './settings.ts';
import type { SmsSender } from './sms.sender.ts';

/** A message to a phone that no flow asks for. */
export type PhoneMessage = {
  readonly tenant: string;
  readonly client: FlowClient;
  /** Key of the person; undefined where the number is nobody's yet. */
  readonly user: number | undefined;
  readonly number: string;
  /** The code in it; empty for none. */
  readonly code: string;
  /** What it says, given the title of the brand. */
  readonly text: (title: string) => string;
};

/** What sends messages to phones beside flows: the stage of the tenant that sets up codes by SMS. */
export type SmsPost = {
  /** Whether the tenant has a stage that can send. */
  readonly isServed: (tenant: string) => Promise<boolean>;
  /** Sends a message, unless the person, the number or the network had too many. What goes wrong is told to administrators. */
  readonly send: (message: PhoneMessage) => Promise<void>;
};

/** What it needs. */
export type SmsPostDeps = {
  readonly sender: SmsSender;
  /** Stages of the tenant that set up codes by SMS, the oldest first. */
  readonly stages: (
    tenant: string,
  ) => Promise<readonly { readonly pk: string | null; readonly name: string; readonly settings: JsonObject }[]>;
};

/** Creates it. */
export function createSmsPost({ sender, stages }: SmsPostDeps): SmsPost {
  const find = async (tenant: string) =>
    (await stages(tenant))
      .map((stage) => ({ ...stage, settings: readSettings(authenticatorSmsSettings, stage.settings) }))
      // One that names no account at its provider reaches nobody.
      .find(({ settings }) => settings.account_sid !== '');
  return {
    isServed: async (tenant) => (await find(tenant)) !== undefined,
    send: async ({ tenant, client, user, number, code, text }) => {
      const stage = await find(tenant);
      const request: FlowRequest = { tenant, slug: '', method: 'POST', url: client.path ?? '', query: '', client };
      if (stage === undefined || !(await sender.mayReach({ request, user, number }))) return;
      const { settings, ...named } = stage;
      const words = { code, text };
      await sender.send({ request, stage: named, settings, user: user ?? NOBODY, number, device: 'Phone', words });
    },
  };
}

/** No user has this key: mappings of administrators see none. */
const NOBODY = 0;
