import { listOf, textOf, type Wire, wireOf } from '../../executor/wire.codec.ts';
import type { ApiDocument } from '../schema/document.ts';
import type { Resource } from './resource.ts';

/** A kind that objects of a family can be of. */
export type Kind = { readonly name: string; readonly description: string; readonly component: string };

/** Reads the answer of `/stages/all/types/` and its likes. */
export function kindsOf(body: unknown): readonly Kind[] {
  return listOf({ items: body }, 'items', (item) => {
    const wire = wireOf(item);
    return {
      name: textOf(wire, 'name'),
      description: textOf(wire, 'description'),
      component: textOf(wire, 'component'),
    };
  });
}

/**
 * The list of one kind, by what the server calls its form: `ak-stage-authenticator-totp-form` is at `/stages/authenticator/totp/`.
 * Undefined for a kind that this server has no operations for.
 */
export function listOfKind(component: string, resource: Resource, document: ApiDocument): string | undefined {
  const { family } = resource;
  if (!family) return undefined;
  const wanted = bare(component.replace(family.component, '').replace(/-form$/, ''));
  return document.listsBelow(family.prefix).find((path) => {
    const parts = path.slice(family.prefix.length).split('/').filter(Boolean);
    const [last] = parts.slice(-1);
    // Prompt and invitation stages share their address with what they ask.
    const named = last === 'stages' ? parts.slice(0, -1) : parts;
    return bare(named.join('')) === wanted && (last === 'stages' || !document.has(`${path}stages/`));
  });
}

/** The list that an object is changed at: that of its kind, or the resource's own. */
export function listOfRow(row: Wire, resource: Resource, document: ApiDocument): string {
  return listOfKind(textOf(row, 'component'), resource, document) ?? resource.path;
}

function bare(text: string): string {
  return text.replaceAll(/[-_/]/g, '');
}
