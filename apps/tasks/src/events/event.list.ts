import { type Condition, custom, defineList, exact, icontains, raw, textOf, uuidText } from '@postern/database';
import { Event } from './event.entity.ts';

/** Equality of a text inside a JSON column: `jsonText('user', 'username')`. */
function jsonText(column: 'user' | 'context' | 'brand', ...path: string[]) {
  const steps = path.map((step, index) => `${index === path.length - 1 ? '->>' : '->'} '${step}'`).join(' ');
  return (value: unknown): Condition => ({ [raw((alias) => `("${alias}"."${column}" ${steps})`)]: String(value) });
}

/** The audit log as a list. Keys inside the context stand without dashes, and are asked for with or without. */
export const eventList = defineList({
  entity: Event,
  filters: {
    action: icontains('action'),
    client_ip: exact('clientIp'),
    username: custom(jsonText('user', 'username')),
    brand_name: custom(jsonText('brand', 'name')),
    context_model_pk: custom((value) => jsonText('context', 'model', 'pk')(String(value).replaceAll('-', ''))),
    context_model_name: custom(jsonText('context', 'model', 'model_name')),
    context_model_app: custom(jsonText('context', 'model', 'app')),
    context_authorized_app: custom(jsonText('context', 'authorized_application', 'pk')),
  },
  search: [uuidText('pk'), textOf('user'), 'action', 'app', textOf('context'), 'clientIp'],
  ordering: {
    pk: 'pk',
    user: 'user',
    action: 'action',
    app: 'app',
    context: 'context',
    client_ip: 'clientIp',
    created: 'created',
    expires: 'expires',
    brand: 'brand',
  },
  defaultOrder: ['-created'],
});
