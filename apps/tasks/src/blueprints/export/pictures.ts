import { type Tagged, tagged } from '../format/index.ts';
import type { Held } from './inventory.ts';

/** Pictures, which blueprints set by a field that messages do not have: the field of the blueprint, that of the message, and what stands there for none. */
const PICTURES: Readonly<Record<string, { field: string; shown: string; none: string }>> = {
  'authentik_core.application': { field: 'icon', shown: 'meta_icon', none: '' },
  'authentik_flows.flow': {
    field: 'background',
    shown: 'background',
    none: '/static/dist/assets/images/flow_background.jpg',
  },
};

/** The picture of an object, by its address; undefined where there is none. One that was uploaded is not in the text of a blueprint. */
export function pictureOf({
  model,
  object,
}: Held): { readonly field: string; readonly value?: Tagged; readonly remark?: string } | undefined {
  const picture = PICTURES[model.label];
  const shown = picture && object[picture.shown];
  if (!picture || typeof shown !== 'string' || shown === '' || shown === picture.none) return undefined;
  const { field } = picture;
  if (!shown.startsWith('/media/')) return { field, value: tagged(shown) };
  return { field, remark: `${model.label} ${object.slug}: the uploaded picture is left out.` };
}
