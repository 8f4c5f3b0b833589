import type { tasks } from '@postern/proto';
import type { Client } from '@postern/rpc';
import type { AccessKeys } from '../access-keys/index.ts';
import type { Users } from '../accounts/index.ts';
import type { HeadlessParts, HeadlessSettingsStore, Visits } from '../headless/index.ts';
import type { Tokens } from '../tokens/index.ts';

/** What the REST auth API is made of: the parts of the headless one, and the tokens. */
export type RestParts = HeadlessParts & {
  readonly visits: Visits;
  readonly settings: HeadlessSettingsStore;
  readonly accessKeys: AccessKeys;
  readonly tokens: Pick<Tokens, 'findApi'>;
  readonly people: Pick<Users, 'byPk'>;
  readonly backgroundTasks: Pick<Client<tasks.BackgroundTaskServiceDefinition>, 'getTaskOverview'>;
  readonly workers: Pick<Client<tasks.WorkerServiceDefinition>, 'getWorkers'>;
};
