import { randomUUID } from 'node:crypto';
import { auth, tasks } from '@postern/proto';
import { asService, createSealer, noClient, type Origin, type Principal, type ReceivedHead } from '@postern/rpc';
import { TEST_SECRET } from '@postern/testkit';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { servedBlueprints } from './blueprints.fixture.ts';

const { running, flows, bindings } = await servedBlueprints();
const transfer = running.client(tasks.FlowTransferServiceDefinition);
const applier = running.client(tasks.BlueprintApplierServiceDefinition);
const promptStages = running.client(auth.PromptStageServiceDefinition);
const identifications = running.client(auth.IdentificationStageServiceDefinition);
const sealer = createSealer(TEST_SECRET);
const PATIENCE = { deadlineMs: 60_000 };

const PARTS = [
  'authentik_flows.flow authentik_flows.flowstagebinding authentik_flows.stage',
  'authentik_policies.policy authentik_policies.policybinding authentik_stages_prompt.prompt',
].flatMap((line) => line.split(' '));
const VIEW = PARTS.map((part) => part.replace('.', '.view_'));
const WRITE = PARTS.flatMap((part) => [part.replace('.', '.add_'), part.replace('.', '.change_')]);

/** A superuser of a tenant, or somebody with these permissions. */
function asUser(tenant: string, permissions?: string[]): Origin {
  const user = { pk: 7, uuid: randomUUID(), username: 'ada', name: 'Ada', email: 'ada@example.com', type: 'internal' };
  const superuser = permissions === undefined;
  const principal = { kind: 'user', tenant, user, superuser, permissions: permissions ?? [], via: 'api_token' };
  const sealed = sealer.sealPrincipal(principal as Principal);
  return { context: { principal: sealed, client: sealer.sealClient(noClient(tenant, 'r')) } };
}

const FLOW = `version: 1
entries:
- {model: authentik_core.group, id: staff, identifiers: {name: staff}}
- {model: authentik_flows.flow, id: other, identifiers: {slug: forgot}, attrs: {name: Forgot, title: Forgot, designation: recovery}}
- {model: authentik_flows.flow, id: flow, identifiers: {slug: join}, attrs: {name: Join, title: "Join: us", designation: enrollment}}
- {model: authentik_policies_expression.expressionpolicy, id: open, identifiers: {name: open}, attrs: {expression: "return True"}}
- {model: authentik_policies_password.passwordpolicy, id: strong, identifiers: {name: strong}, attrs: {length_min: 12, error_message: Too weak}}
- {model: authentik_stages_prompt.prompt, id: nick, identifiers: {name: join-nick}, attrs: {field_key: nick, label: Nick, type: text}}
- {model: authentik_stages_password.passwordstage, id: secret, identifiers: {name: join-password}, attrs: {backends: [authentik.core.auth.InbuiltBackend]}}
- model: authentik_stages_identification.identificationstage
  id: who
  identifiers: {name: join-who}
  attrs: {user_fields: [email], password_stage: !KeyOf secret, recovery_flow: !KeyOf other}
- model: authentik_stages_prompt.promptstage
  id: ask
  identifiers: {name: join-ask}
  attrs: {fields: [!KeyOf nick], validation_policies: [!KeyOf strong]}
- {model: authentik_stages_captcha.captchastage, id: robot, identifiers: {name: join-robot}, attrs: {public_key: open, private_key: hush}}
- {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf flow, stage: !KeyOf who, order: 10}}
- {model: authentik_flows.flowstagebinding, id: asking, identifiers: {target: !KeyOf flow, stage: !KeyOf ask, order: 20}, attrs: {evaluate_on_plan: true}}
- {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf flow, stage: !KeyOf secret, order: 30}}
- {model: authentik_policies.policybinding, identifiers: {target: !KeyOf asking, policy: !KeyOf open, order: 0}, attrs: {negate: true}}
- {model: authentik_policies.policybinding, identifiers: {target: !KeyOf flow, group: !KeyOf staff, order: 5}}
`;
const ROBOT =
  '- {model: authentik_flows.flowstagebinding, identifiers: {target: !KeyOf flow, stage: !KeyOf robot, order: 40}}\n';

const home = randomUUID();
const admin = asUser(home);

beforeAll(async () => {
  const { status, logs } = await applier.applyDocument({ document: FLOW }, asService(home), PATIENCE);
  if (status !== 'successful') throw new Error(JSON.stringify(logs));
});

async function exported(origin = admin, slug = 'join') {
  const heads: ReceivedHead[] = [];
  const file = await transfer.exportFlow({ slug }, origin, { onHead: (head) => void heads.push(head) });
  return { text: Buffer.from(file.data).toString(), type: file.content_type, headers: heads[0]?.headers };
}

async function imported(text: string, origin: Origin) {
  const heads: ReceivedHead[] = [];
  const options = { ...PATIENCE, onHead: (head: ReceivedHead) => void heads.push(head) };
  const { logs, success } = await transfer.importFlow({ file: Buffer.from(text) }, origin, options);
  return { logs, success, status: heads[0]?.status };
}

it('gives no file to those who may not look at all of it, and none of what is not there', async () => {
  const without = ['authentik_flows.export_flow', ...VIEW.slice(1)];
  await expect(exported(asUser(home, without))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(exported(asUser(home, VIEW))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(exported(admin, 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(exported(asUser(randomUUID()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('writes a flow in the order of the contract, without secrets and without what is as it would be anyway', async () => {
  const { text, type, headers } = await exported(asUser(home, ['authentik_flows.export_flow', ...VIEW]));
  expect([type, headers?.find(([name]) => name === 'content-disposition')?.[1]]).toEqual([
    'application/yaml',
    'attachment; filename="join.yaml"',
  ]);
  const { version, metadata, entries } = parse(text, { customTags: [{ tag: '!Find', collection: 'seq' }] });
  expect([version, metadata.labels]).toEqual([1, { 'blueprints.goauthentik.io/generated': 'true' }]);
  expect(entries.map(({ model }: { model: string }) => model)).toEqual([
    'authentik_flows.flow',
    'authentik_stages_prompt.prompt',
    'authentik_policies_expression.expressionpolicy',
    'authentik_policies_password.passwordpolicy',
    // Whoever reads the file makes a stage after the one that it names.
    'authentik_stages_password.passwordstage',
    'authentik_stages_identification.identificationstage',
    'authentik_stages_prompt.promptstage',
    'authentik_flows.flowstagebinding',
    'authentik_flows.flowstagebinding',
    'authentik_flows.flowstagebinding',
    'authentik_policies.policybinding',
    'authentik_policies.policybinding',
  ]);
  const flow = await flows.getFlow({ slug: 'join' }, admin);
  expect(entries[0]).toEqual({
    model: 'authentik_flows.flow',
    identifiers: { pk: flow.pk, slug: 'join' },
    attrs: { name: 'Join', title: 'Join: us', designation: 'enrollment' },
  });
  const [, , asking] = flow.stages;
  expect(entries[8]).toMatchObject({ identifiers: { target: flow.pk, order: 20 }, attrs: { evaluate_on_plan: true } });
  expect(asking).toBeDefined();
});

it('changes nothing where the flow is as the file says', async () => {
  const { text } = await exported();
  expect(await imported(text, admin)).toEqual({ logs: [], success: true, status: 200 });
  expect((await exported()).text.replace(/name: Postern Export.*/, '')).toBe(
    text.replace(/name: Postern Export.*/, ''),
  );
});

it('brings a flow into another installation, where its keys mean nothing', async () => {
  const { text } = await exported();
  const elsewhere = randomUUID();
  const there = asUser(elsewhere);
  // What the file names and does not hold has to be there.
  const missing = await imported(text, there);
  expect(missing.success).toBe(false);
  expect(missing.logs[0]).toMatchObject({ log_level: 'error', event: expect.stringContaining('entry invalid: ') });
  expect((await flows.listFlows({}, asUser(elsewhere))).results).toEqual([]);
  const staff = 'version: 1\nentries:\n- {model: authentik_core.group, identifiers: {name: staff}}\n';
  expect(await imported(staff, there)).toMatchObject({ success: true });
  expect(await imported(text, there)).toEqual({ logs: [], success: true, status: 200 });
  const flow = await flows.getFlow({ slug: 'join' }, asUser(elsewhere));
  expect(flow).toMatchObject({
    title: 'Join: us',
    stages: [expect.any(String), expect.any(String), expect.any(String)],
  });
  const [asking] = (await promptStages.listPromptStages({ name: 'join-ask' }, asUser(elsewhere))).results;
  expect([asking?.fields.length, asking?.validation_policies.length]).toEqual([1, 1]);
  const [who] = (await identifications.listIdentificationStages({ name: 'join-who' }, asUser(elsewhere))).results;
  expect([flow.stages.includes(who?.password_stage ?? ''), who?.recovery_flow]).toEqual([true, undefined]);
  const bound = (await bindings.listPolicyBindings({}, asUser(elsewhere))).results;
  expect(bound.map(({ order, negate, group_obj }) => [order, negate, group_obj?.name])).toEqual(
    expect.arrayContaining([
      [0, true, undefined],
      [5, false, 'staff'],
    ]),
  );
  // A second time there is nothing left to do.
  expect(await imported(text, there)).toMatchObject({ success: true });
  expect((await bindings.listPolicyBindings({}, asUser(elsewhere))).results).toHaveLength(2);
});

it('keeps nothing of a file that lacks a secret which a new stage needs', async () => {
  await applier.applyDocument({ document: FLOW + ROBOT }, asService(home), PATIENCE);
  const { text } = await exported();
  expect(text).toContain('join-robot');
  expect(text).not.toContain('hush');
  const elsewhere = randomUUID();
  const { logs, success } = await imported(text, asUser(elsewhere));
  expect([success, JSON.stringify(logs)]).toEqual([false, expect.stringContaining('This field is required.')]);
  expect((await flows.listFlows({}, asUser(elsewhere))).results).toEqual([]);
});

it('says what is wrong with a file, and refuses to read none', async () => {
  expect(await imported('', admin)).toEqual({ logs: [], success: false, status: 400 });
  const wrong = [
    ['version: 2\nentries: []', 'Invalid blueprint version'],
    ['entries: [', ''],
    ['- 1', 'A blueprint is a map'],
    [
      'version: 1\nentries:\n- {model: authentik_flows.flow, identifiers: {slug: x}, attrs: {name: x}}',
      'entry invalid: ',
    ],
    [
      'version: 1\nentries:\n- {model: nothing.at_all, identifiers: {pk: 1}}',
      'entry invalid: Model nothing.at_all not allowed',
    ],
  ];
  for (const [text = '', event] of wrong) {
    const { logs, success, status } = await imported(text, admin);
    expect([success, status, logs[0]?.log_level], text).toEqual([false, 200, 'error']);
    expect(logs[0]?.event, text).toContain(event);
  }
  const bytes = await transfer.importFlow({ file: Buffer.from('ff00ff', 'hex') }, admin, PATIENCE);
  expect(bytes).toMatchObject({ success: false, logs: [{ event: 'The file is no text in UTF-8.' }] });
});

it('is applied with every right, and so taken from superusers alone', async () => {
  const flow =
    'version: 1\nentries:\n- {model: authentik_flows.flow, identifiers: {slug: x}, attrs: {name: x, title: X, designation: recovery}}\n';
  await expect(imported(flow, asUser(home, ['authentik_flows.add_flow', ...WRITE]))).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  expect(await imported(flow, admin)).toMatchObject({ success: true });
});
