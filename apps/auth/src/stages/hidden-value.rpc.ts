import type { Database } from '@postern/database';
import { hidden } from '@postern/proto';
import { type BoundService, bind } from '@postern/rpc';
import { StageEntity } from './stage.entity.ts';
import { STAGE_FAMILIES } from './stage.families.ts';
import { secretsOf, together } from './stage.secrets.ts';

/** Serves the secrets of stages that nobody is answered, for services of the platform alone: exports of the whole configuration hold them. */
export function createHiddenValueRpc({ db }: { db: Pick<Database, 'read'> }): BoundService {
  return bind(hidden.HiddenValueServiceDefinition, {
    async readHiddenValues({ model: label, keys }, { context }) {
      const model = STAGE_FAMILIES.find((family) => family.model.model === label)?.model;
      const fields = model ? secretsOf(model, 'write_only') : [];
      if (model === undefined || fields.length === 0) return { values: [] };
      const rows = await db.read(context, (em) => em.find(StageEntity, { kind: model.kind, pk: { $in: [...keys] } }));
      const valuesOf = (pk: string, all: ReturnType<typeof together>) =>
        fields.map((field) => ({ key: pk, field, value: String(all[field] ?? ''), public: false }));
      return { values: rows.flatMap((row) => valuesOf(row.pk, together(row))) };
    },
  });
}
