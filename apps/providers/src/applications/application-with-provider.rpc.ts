import { randomUUID } from 'node:crypto';
import type { Database } from '@postern/database';
import { invalidField, invalidFields, PosternError, type Violation } from '@postern/errors';
import { providers } from '@postern/proto';
import { type BoundService, bind, type Client, type Contract, inChangeSet, vouchOf } from '@postern/rpc';
import { createMessageDecoders } from '@postern/transcode';
import { PROVIDER_FAMILY, type ProviderMaker } from '../providers/index.ts';

export type ApplicationWithProviderDeps = {
  readonly db: Pick<Database, 'changeSets'>;
  readonly contract: Pick<Contract, 'registry'>;
  /** How providers are made, by model label. */
  readonly makers: ReadonlyMap<string, ProviderMaker>;
  readonly applications: Pick<Client<providers.ApplicationServiceDefinition>, 'createApplication'>;
};

/** Makes an application together with its provider, or neither: both calls work in one transaction (decision 207). */
export function createApplicationWithProviderRpc(deps: ApplicationWithProviderDeps): BoundService {
  const { db, makers, applications } = deps;
  const decode = providerDecoder(deps);

  return bind(providers.TransactionalApplicationServiceDefinition, {
    async createApplicationWithProvider({ app, provider_model, provider }, call) {
      const maker = makers.get(provider_model);
      if (!maker) throw invalidField('provider_model', `"${provider_model}" is not a valid choice.`);
      const fields = decode(maker, provider);
      const { tenant, principal, client } = call.context;
      const changeSet = {
        id: randomUUID(),
        tenant,
        vouched: [],
        actor: principal.kind === 'user' ? principal : undefined,
      };
      await db.changeSets.begin({ tenant, changeSet });
      try {
        const made = await below('provider', () => maker.create(fields, inChangeSet(changeSet, client)));
        const known = { ...changeSet, vouched: [vouchOf(PROVIDER_FAMILY, made.pk)] };
        const application = { ...app, provider: made.pk };
        await below('app', () => applications.createApplication({ application }, inChangeSet(known, client)));
        await db.changeSets.commit({ tenant, changeSet });
      } catch (error) {
        await db.changeSets.rollback({ tenant, changeSet });
        throw error;
      }
      return { applied: true, logs: [] };
    },
  });
}

/** Reads the provider as the operation that creates it would. */
function providerDecoder({ contract: { registry } }: Pick<ApplicationWithProviderDeps, 'contract'>) {
  const decoderOf = createMessageDecoders(registry);
  return ({ type }: ProviderMaker, json: unknown): Readonly<Record<string, unknown>> => {
    const message = registry.getMessage(type);
    if (!message) throw new TypeError(`there is no message ${type}`);
    const violations: Violation[] = [];
    const { value } = decoderOf(message, { verb: 'post', existing: false })(json ?? {}, 'provider', violations);
    if (violations.length > 0) throw invalidFields(violations);
    return value;
  };
}

/** Does a part of the request: what is wrong with its fields is wrong below its name. */
async function below<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PosternError) || error.violations.length === 0) throw error;
    const prefixed = error.violations.map((violation) => ({ ...violation, field: pathBelow(name, violation.field) }));
    throw invalidFields(prefixed, { cause: error });
  }
}

/** Rules name fields by their place in the request of the operation, such as `application.slug`. */
function pathBelow(name: string, field: string): string {
  return `${name}.${field.replace(/^(?:application|oauth2_provider|scim_provider)\./, '')}`;
}
