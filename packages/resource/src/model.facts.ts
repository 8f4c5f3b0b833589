import { defineEvent, type Fact, fact } from '@postern/messaging';
import { events } from '@postern/proto';
import type { FieldChange, Values } from './field.values.ts';

/** What became of an object. */
export type ModelVerb = 'created' | 'updated' | 'deleted';

/** Payload type of the events that all plain resources share. */
export const MODEL_CHANGED = 'postern.events.v1.ModelChanged';

/** An object of the public model, as events name it. */
export type ModelObject = {
  /** Model label, such as `authentik_rbac.role`. */
  readonly model: string;
  readonly pk: string | number;
  readonly name: string;
  /** Labels of its families, such as `authentik_core.provider`. */
  readonly families?: readonly string[];
  /** What others keep about it, where they do. */
  readonly facts?: Values | undefined;
};

/**
 * The fact that an object was created, updated or deleted.
 *
 * @param subject first words of the subject, such as `directory.v1.role`
 * @param changed names of the fields that an update was about, perhaps with their values
 */
export function modelFact(
  subject: string,
  verb: ModelVerb,
  object: ModelObject,
  changed: readonly string[] | FieldChange = [],
): Fact {
  const { model, pk, name, families = [], facts } = object;
  const definition = defineEvent(`${subject}.${verb}`, events.ModelChanged, MODEL_CHANGED);
  const change = 'changed' in changed ? changed : { changed, before: undefined, after: undefined };
  return fact(definition, {
    model,
    pk: String(pk),
    name,
    families: [...families],
    changed: [...change.changed],
    before: change.before && { ...change.before },
    after: change.after && { ...change.after },
    facts: facts && { ...facts },
  });
}
