/** Free-form data as JSON knows it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object: neither null nor a list. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A struct of a message as a JSON object; one that is not set is empty. */
export function asJsonObject(value: object | undefined): JsonObject {
  // What crosses the wire as a struct holds JSON and nothing else.
  return (value ?? {}) as JsonObject;
}
