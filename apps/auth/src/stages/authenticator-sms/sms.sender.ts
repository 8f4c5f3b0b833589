import { type FieldError, type FlowRequest, fieldError, type JsonValue } from '../../plans/index.ts';
import type { StageAttempts, StageProblems, StageSeal } from '../stage.ports.ts';
import type { AuthenticatorSmsSettings } from './settings.ts';
import { generateCode, remember, type SentCode } from './sms.code.ts';
import { type SmsGatewayDeps, sendSms } from './sms.gateway.ts';

/** Whom a code is for, and through whom it goes. */
export type SmsErrand = {
  readonly request: FlowRequest;
  readonly stage: { readonly pk: string | null; readonly name: string };
  readonly settings: AuthenticatorSmsSettings;
  /** Key of the person. */
  readonly user: number;
  readonly number: string;
  /** Name of the device. */
  readonly device: string;
  /** What the message says instead of a fresh code of ours; told the title of the brand. */
  readonly words?: { readonly code: string; readonly text: (title: string) => string };
};

/** Mappings of administrators, which make what is posted to a provider. */
export type SmsMappings = {
  /** What a mapping returns. Throws SmsMappingFailed when there is no such mapping, or it fails. */
  readonly body: (mapping: string, errand: SmsErrand, code: string) => Promise<JsonValue>;
};

/** A mapping does not say what to post. Its message is for administrators. */
export class SmsMappingFailed extends Error {
  override readonly name = 'SmsMappingFailed';
}

/** What sending codes takes. */
export type SmsSenderDeps = SmsGatewayDeps & {
  readonly mappings: SmsMappings;
  readonly attempts: Pick<StageAttempts, 'reserve'>;
  readonly problems: StageProblems;
  readonly brands: { readonly title: (tenant: string, host: string) => Promise<string> };
  readonly seal: Pick<StageSeal, 'seal'>;
  readonly clock: () => Date;
};

/** A code that was sent, or why none was. */
export type SmsOutcome = { readonly sent: SentCode } | { readonly error: FieldError };

/** Sends codes. */
export type SmsSender = {
  /** Whether another message may go to this number for this person; counts it. */
  readonly mayReach: (
    errand: Pick<SmsErrand, 'request' | 'number'> & { readonly user: SmsErrand['user'] | undefined },
  ) => Promise<boolean>;
  /** Sends a fresh code. What goes wrong is told to administrators. Ask `mayReach` first. */
  readonly send: (errand: SmsErrand) => Promise<SmsOutcome>;
};

const APP = 'authentik.stages.authenticator_sms';

/** Messages that cost money, and that somebody gets who may not want them, are not sent without end. */
export const TOO_MANY = fieldError('Too many messages were sent. Please try again later.', 'throttled');

const UNSENT = 'The message could not be sent.';

/** Creates what sends codes. */
export function createSmsSender(deps: SmsSenderDeps): SmsSender {
  const { attempts, problems, brands, mappings, seal, clock } = deps;
  const failed = async ({ request, stage, settings }: SmsErrand, error: string, status?: number) => {
    const details = {
      error,
      stage: stage.name,
      provider: settings.provider,
      ...(status === undefined ? {} : { status }),
    };
    await problems.tell(request, { message: 'Error sending SMS', app: APP, details });
  };
  return {
    mayReach: async ({ request: { tenant, client }, user, number }) => {
      const forPerson = { kind: 'message', user, client } as const;
      const forNumber = { kind: 'message', user: undefined, name: number, client } as const;
      return (
        (user === undefined || (await attempts.reserve(tenant, forPerson)) === 'allowed') &&
        (await attempts.reserve(tenant, forNumber)) === 'allowed'
      );
    },
    send: async (errand) => {
      const { request, settings, number, words } = errand;
      const code = words?.code ?? generateCode();
      try {
        const title = await brands.title(request.tenant, request.client.host);
        const mapping = settings.provider === 'generic' ? settings.mapping : undefined;
        const body = mapping === undefined ? undefined : await mappings.body(mapping, errand, code);
        const text = words?.text(title) ?? `Use this code to authenticate in ${title}: ${code}`;
        const verdict = await sendSms(deps, settings, { number, code, text, ...(body === undefined ? {} : { body }) });
        if (verdict.sent) return { sent: remember(seal, code, number, clock()) };
        await failed(errand, verdict.reason, verdict.status);
        return { error: fieldError(verdict.reason) };
      } catch (error) {
        if (!(error instanceof SmsMappingFailed)) throw error;
        await failed(errand, error.message);
        return { error: fieldError(UNSENT) };
      }
    },
  };
}
