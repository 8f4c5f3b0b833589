import { readFileSync } from 'node:fs';
import { loadRegistry } from '@postern/proto';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { differences, withoutTexts } from './fixtures/difference.ts';
import { openApiDocument, openApiYaml } from './index.ts';
import type { OpenApiDocument } from './schema.types.ts';

type Contract = { paths: OpenApiDocument['paths']; schemas: OpenApiDocument['components']['schemas'] };

/** The whole contract, without its descriptions. */
const contract: Contract = JSON.parse(readFileSync(new URL('./fixtures/contract.json', import.meta.url), 'utf8'));
const document = openApiDocument(loadRegistry());

/** What differs on purpose, and why. */
const EXCEPTIONS = [
  // The contract gives the items of this list a sentence for a title; texts are ours, and it stands in the description.
  /\.jwks_sources\.items\.title: expected "[^"]+", came undefined$/,
  // Whoever enrols at Duo in the middle of a sign-in has a session, and has not signed in yet.
  /duo\/\{stage_uuid\}\/enrollment_status\/\.post\.security\.\[1\]: expected undefined, came \{\}$/,
  // The contract shows a union of the providers of all kinds; it is a free-form object as long as some kinds are not served.
  /^TransactionApplicationRequest\.properties\.provider\./,
];

function unexpected(found: string[]): string[] {
  return found.filter((line) => !EXCEPTIONS.some((exception) => exception.test(line)));
}

/** Some members of an object. */
function pick<Value>(from: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

/** Verb and path of every operation. */
function operationsOf(paths: OpenApiDocument['paths']): string[] {
  return Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((verb) => `${verb} ${path}`));
}

/** The part of the contract that the protos are about. */
const declaredPaths = Object.fromEntries(
  Object.entries(document.paths).map(([path, item]) => [path, pick(contract.paths[path] ?? {}, Object.keys(item))]),
);
const declaredSchemas = pick(contract.schemas, Object.keys(document.components.schemas));

it('declares no operation that the contract does not have', () => {
  const known = new Set(operationsOf(contract.paths));
  expect(operationsOf(document.paths).filter((operation) => !known.has(operation))).toEqual([]);
});

it('gives every operation the id, parameters, bodies and answers of the contract', () => {
  expect(unexpected(differences(declaredPaths, withoutTexts(document.paths, true)))).toEqual([]);
});

it('gives every schema the name and shape that it has in the contract', () => {
  expect(unexpected(differences(declaredSchemas, withoutTexts(document.components.schemas, true)))).toEqual([]);
});

it('would notice a property that is missing, optional, nullable or of another type', () => {
  const schema = { properties: { name: { type: 'string' }, pk: { type: 'integer' } }, required: ['name'] };
  const changed = { properties: { name: { type: 'integer', nullable: true } }, required: [] };
  expect(differences(schema, changed)).toEqual([
    'properties.name.nullable: expected undefined, came true',
    'properties.name.type: expected "string", came "integer"',
    'properties.pk: expected {"type":"integer"}, came undefined',
    'required: expected ["name"], came []',
  ]);
});

it('describes every operation, parameter and property in words', () => {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  const parameters = operations.flatMap((one) => one.parameters ?? []);
  const properties = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
    Object.entries(schema.properties ?? {}).map(([key, one]) => ({ name: `${name}.${key}`, ...one })),
  );
  expect([...operations, ...parameters, ...properties].filter((one) => !one.description)).toEqual([]);
});

it('reads the same as YAML', () => {
  expect(parse(openApiYaml(document))).toEqual(document);
});
