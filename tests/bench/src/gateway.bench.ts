import { bareHttpRate, underLoad } from './loaded.ts';
import type { Measure } from './measure.ts';
import type { Part } from './part.ts';

const LANES = [1, 32] as const;

/** What a request costs on its way through the gateway to a service and back; the service reads one row. */
export const gateway: Part = {
  name: 'gateway',
  async run(stage) {
    const installation = await stage.installation();
    const groups = await installation.api<{ results: { pk: string }[] }>('GET', '/core/groups/');
    const path = `/api/v3/core/groups/${groups.results[0]?.pk}/`;
    const headers = { authorization: `Bearer ${installation.token}` };
    const options = { requests: [{ method: 'GET', path, headers }] };
    const measures: Measure[] = [];
    for (const lanes of LANES) {
      const value = await bareHttpRate(lanes);
      const { rate, note } = await underLoad(installation, { journey: 'requests', options, lanes });
      measures.push({
        name: `request to one group, ${lanes} at a time`,
        value: rate,
        unit: '/s',
        baseline: { name: 'bare HTTP server', value },
        note,
      });
    }
    return measures;
  },
};
