import { type Database, type EntityManager, prepared, type SecretBox } from '@postern/database';
import type { FlowCatalog, FlowDesignation, FlowFacts, FlowOutline, StageRecord } from '../plans/index.ts';
import type { PromptField, PromptFields, StageLinks, StoredSettings } from '../stages/index.ts';
import { FlowEntity, type FlowRow, factsOf } from './flow.entity.ts';
import { loadFlow, OUTLINE, type OutlineRow, outlineOf, recordOf } from './flow.loader.ts';

/** Everything that the engine and its stages read about flows and stages. */
export type FlowReader = FlowCatalog &
  StageLinks & {
    readonly prompts: PromptFields;
    readonly findByPk: (tenant: string, pk: string) => Promise<FlowFacts | undefined>;
    /** Stages of a kind, the oldest first. */
    readonly stagesOfKind: (tenant: string, kind: string) => Promise<readonly StageRecord[]>;
    /** Flows of a designation, ordered by slug. */
    readonly byDesignation: (tenant: string, designation: FlowDesignation) => Promise<readonly FlowFacts[]>;
  };

type Box = Pick<SecretBox, 'open'>;

type StageColumns = { pk: string; name: string; kind: string } & StoredSettings;

const STAGE = 'select pk, name, kind, settings, secrets from stage';
const OF_KIND = prepared(`${STAGE} where kind = ? order by created, pk`);
const SLUG = prepared('select slug from flow where pk = ?');
const FIRST_SLUG = prepared('select slug from flow where designation = ? order by pk limit 1');

/** Creates the reading side of flows. */
export function createFlowReader(database: Pick<Database, 'read' | 'statement' | 'secrets'>): FlowReader {
  const { secrets: box } = database;
  const find = (tenant: string, column: 'slug' | 'pk', value: string) =>
    database.read({ tenant }, async (em) => {
      const [flow] = await em
        .createQueryBuilder(FlowEntity)
        .where({ [column]: value })
        .execute<FlowRow[]>('all');
      return flow && factsOf(flow);
    });
  const slugBy = async (tenant: string, sql: string, value: string) =>
    (await database.statement<{ slug: string }>({ tenant }, sql, [value]))[0]?.slug;
  const stage = (tenant: string, pk: string) =>
    database.read({ tenant }, async (em) => {
      const [row] = await em.execute<StageColumns[]>(`${STAGE} where pk = ?`, [pk]);
      return row && recordOf(box, row);
    });
  const outline = (tenant: string, flow: string) => database.read({ tenant }, (em) => findOutline(em, box, flow));
  return {
    load: (tenant, slug, session) => loadFlow(database, tenant, slug, session),
    findFlow: (tenant, slug) => find(tenant, 'slug', slug),
    findByPk: (tenant, pk) => find(tenant, 'pk', pk),
    outlineOf: outline,
    findStage: stage,
    stageSettings: async (tenant, pk) => (await stage(tenant, pk))?.settings,
    stagesOf: (tenant, pks) => database.read({ tenant }, (em) => stagesOf(em, pks)),
    stagesOfKind: async (tenant, kind) => {
      const rows = await database.statement<StageColumns>({ tenant }, OF_KIND, [kind]);
      return rows.map((row) => recordOf(box, row));
    },
    flowSlug: (tenant, pk) => slugBy(tenant, SLUG, pk),
    firstFlowSlug: (tenant, designation) => slugBy(tenant, FIRST_SLUG, designation),
    byDesignation: (tenant, designation) =>
      database.read({ tenant }, async (em) => {
        const query = em.createQueryBuilder(FlowEntity).where({ designation }).orderBy({ slug: 'asc' });
        return (await query.execute<FlowRow[]>('all')).map(factsOf);
      }),
    prompts: { load: (tenant, pks) => database.read({ tenant }, (em) => promptsOf(em, pks)) },
  };
}

async function findOutline(em: EntityManager, box: Box, flow: string): Promise<Omit<FlowOutline, 'flow'>> {
  const rows = await em.execute<{ outline: OutlineRow }[]>(`select ${OUTLINE} as outline from flow where pk = ?`, [
    flow,
  ]);
  return rows[0] === undefined ? { bound: [], bindings: [] } : outlineOf(box, rows[0].outline);
}

async function stagesOf(em: EntityManager, keys: readonly string[]): Promise<StageColumns[]> {
  if (keys.length === 0) return [];
  const marks = keys.map(() => '?').join(', ');
  return em.execute<StageColumns[]>(`${STAGE} where pk in (${marks})`, [...keys]);
}

async function promptsOf(em: EntityManager, pks: readonly string[]): Promise<PromptField[]> {
  if (pks.length === 0) return [];
  const marks = pks.map(() => '?').join(', ');
  return em.execute<PromptField[]>(
    `select name, field_key as "fieldKey", label, type, required, placeholder, initial_value as "initialValue",
       sub_text as "subText", "order", placeholder_expression as "placeholderExpression",
       initial_value_expression as "initialValueExpression"
     from prompt where pk in (${marks}) order by "order", pk`,
    [...pks],
  );
}
