/** Objects of every model that is configuration, made through the services' own RPCs with values at random: as odd as the rules of their fields allow. */

import type { DescField, FileRegistry } from '@bufbuild/protobuf';
import { PosternError } from '@postern/errors';
import * as protos from '@postern/proto';
import {
  fieldBehavior,
  fieldRules,
  fieldShape,
  messageShape,
  type Operation,
  operations,
  referenceOf,
} from '@postern/proto';
import type { Origin, ServiceDefinition } from '@postern/rpc';
import type { RunningProcess } from '@postern/service';
import { createValues } from './generated-values.fixture.ts';

type Made = { readonly pk: unknown; readonly target: unknown };
type Creation = { readonly operation: Operation; readonly label: string; readonly family: string };

/** What objects are generated from. */
export type GenerationDeps = {
  readonly running: RunningProcess;
  readonly registry: FileRegistry;
  readonly origin: Origin;
  readonly random: () => number;
};

type Book = Map<string, Made[]>;

/** Makes objects of every model; returns how many of each, by the type of their message. */
export async function generateObjects(deps: GenerationDeps, each: number): Promise<Map<string, number>> {
  const { running, registry, origin } = deps;
  const made: Book = new Map();
  const counts = new Map<string, number>();
  const bodyOf = createBodies(deps, made, await generatePairs(running, origin));

  /** What is refused is left to its default. */
  async function make(creation: Creation): Promise<void> {
    const body = bodyOf(creation);
    const { operation } = creation;
    const create = methodOf(running, operation);
    const [member] = operation.bindings.map(({ body: name }) => name);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      try {
        const value = { ...defaultsOf(registry, operation), ...withoutUnset(body) };
        remember(creation, Object(await create({ [member ?? '']: value }, origin)));
        return;
      } catch (error) {
        if (!(error instanceof PosternError)) throw error;
        const named = error.violations.map(({ field }) => field.replace(`${member}.`, '').split(/[.[]/)[0] ?? '');
        const optional = named.filter((name) => Object.hasOwn(body, name) && !isRequired(registry, operation, name));
        if (optional.length === 0) return;
        for (const name of optional) delete body[name];
      }
    }
  }

  function remember({ label, family, operation }: Creation, object: Record<string, unknown>): void {
    const pk = object.pk ?? object.brand_uuid;
    const one = { pk, target: object.policybindingmodel_ptr_id ?? pk };
    const isTarget = TARGETS.has(operation.output.name);
    for (const name of [label, family, ...(isTarget ? ['authentik_policies.policybindingmodel'] : [])]) {
      made.set(name, [...(made.get(name) ?? []), one]);
    }
    counts.set(operation.output.name, (counts.get(operation.output.name) ?? 0) + 1);
  }

  for (let round = 0; round < each * 2; round += 1) {
    for (const creation of creationsIn(registry)) {
      if ((counts.get(creation.operation.output.name) ?? 0) < each) await make(creation);
    }
  }
  return counts;
}

function createBodies({ registry, random }: GenerationDeps, made: Book, pairs: readonly object[]) {
  const { pick, scalarOf, nextSerial } = createValues(registry, random);
  const keys = (model: string, field: string) =>
    (made.get(model) ?? []).map(({ pk, target }) =>
      field === 'target' && model.endsWith('bindingmodel') ? target : pk,
    );

  function pickFor(desc: DescField): unknown {
    const { name } = desc;
    const reference = referenceOf(registry, desc);
    if (reference) {
      const known = keys(reference.model, name);
      if (desc.fieldKind !== 'list') return pick(known);
      return [...new Set([pick(known), pick(known)])].filter((key) => key !== undefined);
    }
    if (desc.fieldKind !== 'list') return scalarOf(desc);
    const choices = fieldRules(registry, desc)?.repeated?.items?.string?.in ?? [];
    return choices.filter(() => random() < 0.7);
  }

  return function bodyOf({ operation }: Creation): Record<string, unknown> {
    const fields = operation.output.fields.filter((desc) => {
      const { outputOnly, required } = fieldBehavior(registry, desc);
      const { derived } = fieldShape(registry, desc);
      return !outputOnly && !derived && (required || random() < 0.7);
    });
    const body = Object.fromEntries(fields.map((desc) => [desc.name, pickFor(desc)]));
    if (operation.output.name === 'PolicyBinding') {
      const kept = pick(['policy', 'group', 'user'].filter((name) => (made.get(KINDS[name] ?? '') ?? []).length > 0));
      for (const name of Object.keys(KINDS)) delete body[name];
      if (kept) body[kept] = pick(keys(KINDS[kept] ?? '', kept));
    }
    if (operation.output.name === 'CertificateKeyPair') Object.assign(body, pick(pairs));
    if (operation.output.name === 'DummyPolicy') Object.assign(body, { wait_min: 1, wait_max: 2 });
    if (operation.output.name === 'BlueprintInstance')
      Object.assign(body, { path: '', content: `entries: []\n# ${nextSerial()}` });
    if (operation.output.name === 'FlowStageBinding') body.re_evaluate_policies = true;
    if (operation.output.name === 'Brand') body.default = false;
    return body;
  };
}

/** What the edge fills in for clients of REST. */
function defaultsOf(registry: FileRegistry, { output }: Operation): Record<string, unknown> {
  const declared = output.fields.map((desc) => [desc.name, fieldShape(registry, desc).default] as const);
  return Object.fromEntries(declared.filter(([, text]) => text !== '').map(([name, text]) => [name, JSON.parse(text)]));
}

function isRequired(registry: FileRegistry, operation: Operation, name: string): boolean {
  const desc = operation.output.fields.find((field) => field.name === name);
  return desc !== undefined && fieldBehavior(registry, desc).required;
}

/** A pair, and a certificate without its key, as the services make and show them. */
async function generatePairs(
  running: RunningProcess,
  origin: Origin,
): Promise<{ certificate_data: string; key_data: string }[]> {
  const keys = running.client(protos.providers.CertificateKeyPairServiceDefinition);
  const hidden = running.client(protos.hidden.HiddenValueServiceDefinition, 'providers');
  const request = { common_name: 'generated', validity_days: 30, alg: 'ecdsa' };
  const { pk } = await keys.generateCertificateKeyPair(request, origin);
  const { values } = await hidden.readHiddenValues(
    { model: 'authentik_crypto.certificatekeypair', keys: [pk] },
    origin,
  );
  const hiddenIn = (field: string) => values.find((one) => one.field === field)?.value ?? '';
  const certificate_data = hiddenIn('certificate_data');
  return [
    { certificate_data, key_data: hiddenIn('key_data') },
    { certificate_data, key_data: '' },
  ];
}

const KINDS: Readonly<Record<string, string>> = {
  policy: 'authentik_policies.policy',
  group: 'authentik_core.group',
  user: 'authentik_core.user',
};
const TARGETS = new Set(['Flow', 'FlowStageBinding', 'Application', 'NotificationRule', 'OAuthSource']);

/** How objects of each configured model are made, with the words that references to them use. */
function creationsIn(registry: FileRegistry): Creation[] {
  return operations(registry).flatMap((operation) => {
    const { method, output, access, bindings } = operation;
    if (!method.name.startsWith('Create') || messageShape(registry, output).identified_by.length === 0) return [];
    const [, app, model] = access?.kind === 'permission' ? (/^(\w+)\.add_(\w+)$/.exec(access.permission) ?? []) : [];
    const isKind = output.fields.some(({ name }) => name === 'meta_model_name');
    const branch = bindings[0]?.path.split('/')[3] ?? '';
    return [{ operation, label: `${app}.${model}`, family: isKind ? (FAMILIES[branch] ?? '') : '' }];
  });
}

const FAMILIES: Readonly<Record<string, string>> = {
  policies: 'authentik_policies.policy',
  stages: 'authentik_flows.stage',
  providers: 'authentik_core.provider',
  sources: 'authentik_core.source',
  propertymappings: 'authentik_core.propertymapping',
};

function withoutUnset(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, given]) => given !== undefined));
}

type Method = (request: object, origin: Origin) => Promise<unknown>;

function methodOf(running: RunningProcess, { service, method }: Operation): Method {
  const all: readonly unknown[] = [protos.auth, protos.directory, protos.providers, protos.tasks].flatMap((one) =>
    Object.values(one),
  );
  const definition = all.find((one): one is ServiceDefinition => Object(one).fullName === service.typeName);
  if (!definition) throw new Error(`no ${service.typeName}`);
  const client: Readonly<Record<string, Method>> = running.client(definition);
  const call = client[method.name.charAt(0).toLowerCase() + method.name.slice(1)];
  if (!call) throw new Error(`no ${method.name}`);
  return call;
}
