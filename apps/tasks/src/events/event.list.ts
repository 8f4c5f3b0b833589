import { asText, defineList, exact, type Parse, textOf, uuidText } from '@postern/database';
import { Event } from './event.entity.ts';

/** Derived columns are cut: so is what is looked for in them. */
const LONGEST = 200;
const cut: Parse<string> = (value, parameter) => asText(value, parameter).slice(0, LONGEST);
const undashed: Parse<string> = (value, parameter) => cut(value, parameter).replaceAll('-', '');

/**
 * The audit log as a list. Keys inside the context stand without dashes, and are asked for with or without. What an action contains and what is
 * searched for is narrowed down first (`event.narrowing.ts`).
 */
export const eventList = defineList({
  entity: Event,
  filters: {
    client_ip: exact('clientIp', cut),
    username: exact('username', cut),
    brand_name: exact('brandName', cut),
    context_model_pk: exact('modelPk', undashed),
    context_model_name: exact('modelName', cut),
    context_model_app: exact('modelApp', cut),
    context_authorized_app: exact('application', cut),
  },
  search: [uuidText('pk'), textOf('user'), 'action', 'app', textOf('context'), 'clientIp'],
  // Free-form columns are ordered by what stands for them.
  ordering: {
    pk: 'pk',
    user: 'username',
    action: 'action',
    app: 'app',
    context: 'modelName',
    client_ip: 'clientIp',
    created: 'created',
    expires: 'expires',
    brand: 'brandName',
  },
  defaultOrder: ['-created'],
  counted: true,
});
