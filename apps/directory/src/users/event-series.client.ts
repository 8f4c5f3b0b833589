import type { api, tasks } from '@postern/proto';
import { asService, type Call, type Client } from '@postern/rpc';

/** Counts per window of time. */
export type Series = api.Coordinate[];

/** Counts the events of the last week that match, from the audit log. */
export type CountEvents = (query: object, call: Call) => Promise<Series>;

/** Creates what asks `tasks`, in the name of the directory. */
export function createCountEvents(client: Client<tasks.EventSeriesServiceDefinition>): CountEvents {
  return async (query, call) => {
    const request = { query: JSON.stringify(query) };
    return (await client.getEventSeries(request, asService(call.context.tenant, call))).items;
  };
}
