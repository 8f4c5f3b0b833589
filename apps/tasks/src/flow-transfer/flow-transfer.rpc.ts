import { common } from '@postern/errors';
import { tasks } from '@postern/proto';
import { asService, type BoundService, bind } from '@postern/rpc';
import { printBlueprint } from '../blueprints/index.ts';
import type { ImportFlow } from './flow.importer.ts';
import type { WriteFlow } from './flow.writer.ts';
import type { ReadFlow } from './flow-contents.client.ts';
import { requireParts } from './transfer.rights.ts';

/** What serving flows as files needs. */
export type FlowTransferRpcDeps = {
  readonly readFlow: ReadFlow;
  readonly writeFlow: WriteFlow;
  readonly importFlow: ImportFlow;
};

/** Serves flows as files. */
export function createFlowTransferRpc({ readFlow, writeFlow, importFlow }: FlowTransferRpcDeps): BoundService {
  return bind(tasks.FlowTransferServiceDefinition, {
    async exportFlow({ slug }, { context, response }) {
      requireParts(context);
      const origin = asService(context.tenant);
      const contents = await readFlow(slug, origin);
      if (!contents) throw common.NOT_FOUND();
      const text = printBlueprint(await writeFlow(contents, origin));
      // A slug is letters, digits, hyphens and underscores: nothing of it leaves the quotes.
      response.header('content-disposition', `attachment; filename="${contents.flow.object.slug}.yaml"`);
      return { content_type: 'application/yaml', data: Buffer.from(text), extensions: [] };
    },
    async importFlow({ file }, { context, response }) {
      if (file.length === 0) {
        response.status(400);
        return { logs: [], success: false };
      }
      const { logs, success } = await importFlow(file, context);
      response.status(200);
      return { logs: logs.map((log) => ({ ...log })), success };
    },
  });
}
