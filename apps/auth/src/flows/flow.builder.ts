import { randomUUID } from 'node:crypto';
import type { SecretBox } from '@postern/database';
import type { JsonObject } from '../plans/index.ts';
import { apart, modelOf, STAGE_SECRETS } from '../stages/index.ts';

type Sql = (text: string, values?: readonly unknown[]) => Promise<unknown[]>;

/** A stage of a flow of the tests, with its settings and those of its binding. */
export type GivenStage = { kind: string; settings?: JsonObject; binding?: JsonObject };

/** Lays a flow with these stages into the tables. */
export async function addFlow(
  { sql, tenant, box }: { sql: Sql; tenant: string; box: SecretBox },
  slug: string,
  stages: readonly GivenStage[],
): Promise<void> {
  const flow = randomUUID();
  await sql(
    `insert into flow (pk, tenant_id, policy_target, name, slug, title, designation)
     values ($1, $2, $3, $4, $4, 'Title for %(user)s', 'authentication')`,
    [flow, tenant, randomUUID(), slug],
  );
  for (const [order, { kind, settings = {}, binding = {} }] of stages.entries()) {
    const stage = randomUUID();
    const stored = apart(modelOf(kind) ?? {}, settings);
    await sql('insert into stage (pk, tenant_id, kind, name, settings, secrets) values ($1, $2, $3, $4, $5, $6)', [
      stage,
      tenant,
      kind,
      `${slug} ${order}`,
      JSON.stringify(stored.settings),
      stored.secrets ? box.seal(stored.secrets, STAGE_SECRETS) : null,
    ]);
    await sql(
      `insert into flow_stage_binding (pk, tenant_id, policy_target, target, stage, "order", invalid_response_action)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [randomUUID(), tenant, randomUUID(), flow, stage, order, binding.invalid_response_action ?? 'retry'],
    );
  }
}
