/** Something that a flow asks on the way: what a box of its diagram stands for. */
export type DrawnPolicy = { readonly kind: string; readonly name: string; readonly order: number };

/** A stage of a flow, with the policies that guard it. */
export type DrawnStage = { readonly kind: string; readonly name: string; readonly policies: readonly DrawnPolicy[] };

/** What a diagram shows. Kinds are names that people read. */
export type DrawnFlow = {
  readonly name: string;
  readonly authentication: string;
  readonly policies: readonly DrawnPolicy[];
  readonly stages: readonly DrawnStage[];
};

type Box = { readonly id: string; readonly text: string };

/** Where an arrow comes from, and what stands on it. */
type Way = { readonly from: string; readonly label: string };

const START = 'flow_start';
const DONE = box('done', 'End of the flow', '[[', ']]');

/** A flow as a Mermaid flowchart. A stage whose policies deny is passed over; a flow whose policies deny is over. */
export function drawFlow(flow: DrawnFlow): string {
  const start = box(START, `Flow\n${flow.name}`, '[[', ']]');
  const lines = ['graph TD'];
  const required = box('flow_auth_requirement', `Authentication requirement\n${flow.authentication}`, '{{', '}}');
  const pre = box('flow_pre', 'Pre-flow policies', '[[', ']]');
  const guards = flow.policies.map((policy, index) => ({ policy, box: policyBox(`flow_policy_${index}`, policy) }));
  let ways: Way[] = [];
  if (flow.authentication !== 'none') {
    lines.push(required.text, arrow({ from: required.id, label: 'Requirement not fulfilled' }, DONE));
    ways = [{ from: required.id, label: 'Requirement fulfilled' }];
  }
  if (guards.length > 0) {
    lines.push(...lead(ways, pre));
    for (const { policy, box: guard } of guards) {
      lines.push(arrow({ from: pre.id, label: `Binding ${policy.order}` }, guard));
      lines.push(arrow({ from: guard.id, label: 'Policy denied' }, DONE));
    }
    ways = guards.map(({ box: { id } }) => ({ from: id, label: 'Policy passed' }));
  }
  lines.push(...lead(ways, start));
  return [...lines, ...drawStages(flow.stages)].join('\n');
}

function drawStages(stages: readonly DrawnStage[]): string[] {
  const lines: string[] = [];
  let ways: Way[] = [{ from: START, label: '' }];
  for (const [index, { kind, name, policies }] of stages.entries()) {
    const stage = box(`stage_${index}`, `Stage (${kind})\n${name}`, '([', '])');
    const guards = policies.map((policy, place) => policyBox(`stage_${index}_policy_${place}`, policy));
    for (const guard of guards) {
      lines.push(...lead(ways, guard), arrow({ from: guard.id, label: 'Policy passed' }, stage));
    }
    if (guards.length === 0) lines.push(...lead(ways, stage));
    ways = [{ from: stage.id, label: '' }, ...guards.map(({ id }) => ({ from: id, label: 'Policy denied' }))];
  }
  return [...lines, ...lead(ways, DONE)];
}

/** The ways into a box; a box that nothing leads to stands for itself. */
function lead(ways: readonly Way[], to: Box): string[] {
  return ways.length === 0 ? [to.text] : ways.map((way) => arrow(way, to));
}

function arrow({ from, label }: Way, to: Box): string {
  return label === '' ? `${from} --> ${to.text}` : `${from} --${label}--> ${to.text}`;
}

function policyBox(id: string, { kind, name }: DrawnPolicy): Box {
  return box(id, `Policy (${kind})\n${name}`, '{{', '}}');
}

/** Whatever a name holds stays within its quotes. */
function box(id: string, label: string, open: string, close: string): Box {
  return { id, text: `${id}${open}"${label.replaceAll('"', '#quot;')}"${close}` };
}
