/** How a field of a message reaches an entity: the property of that name, or what the function does with the value. */
export type MaskTarget<Entity, Value> = keyof Entity | ((entity: Entity, value: Value) => void);

/** Fields an update may change, by their name in the message. */
export type Allowed<Entity, Message> = {
  readonly [Field in keyof Message]?: MaskTarget<Entity, Message[Field]>;
};

/**
 * Copies fields of a message to an entity. A field in the mask that the message leaves unset is cleared (null); a field outside of the mask
 * stays. Without a mask (PUT), every allowed field counts. Fields that are not allowed are ignored, as the contract wants.
 *
 * @param mask field names, perhaps with a path below (`attributes.color` means `attributes`); undefined for all
 * @returns the names of the fields that were applied
 */
export function applyMask<Entity extends object, Message extends object>(
  entity: Entity,
  message: Message,
  mask: readonly string[] | undefined,
  allowed: Allowed<Entity, Message>,
): string[] {
  const wanted = mask && new Set(mask.map((path) => path.split('.', 1)[0] ?? path));
  const fields = fieldsOf(allowed).filter((field) => wanted?.has(String(field)) ?? true);
  for (const field of fields) assign(entity, message[field], allowed[field]);
  return fields.map(String);
}

function assign<Entity extends object, Value>(
  entity: Entity,
  value: Value,
  target: MaskTarget<Entity, Value> | undefined,
): void {
  if (typeof target === 'function') target(entity, value);
  else if (target !== undefined) Reflect.set(entity, target, value ?? null);
}

function fieldsOf<Type extends object>(record: Type): (keyof Type)[] {
  return Object.keys(record) as (keyof Type)[];
}
