import { expect, it } from 'vitest';
import { readDiagram, waysOf } from './diagram.ts';

const GUARDED = `graph TD
flow_start[["Flow
Welcome to #quot;us#quot;"]]
flow_start --> stage_0(["Stage (Identification Stage)
who"])
stage_0 --> stage_1_policy_0{{"Policy (Expression Policy)
is --> new"}}
stage_1_policy_0 --Policy passed--> stage_1(["Stage (Password Stage)
password"])
stage_1 --> done[["End of the flow"]]
stage_1_policy_0 --Policy denied--> done[["End of the flow"]]`;

it('reads boxes and arrows, whatever the names hold', () => {
  const { boxes, arrows } = readDiagram(GUARDED);
  expect(boxes).toEqual([
    { id: 'flow_start', kind: 'end', above: 'Flow', name: 'Welcome to "us"' },
    { id: 'stage_0', kind: 'step', above: 'Stage (Identification Stage)', name: 'who' },
    { id: 'stage_1_policy_0', kind: 'question', above: 'Policy (Expression Policy)', name: 'is --> new' },
    { id: 'stage_1', kind: 'step', above: 'Stage (Password Stage)', name: 'password' },
    { id: 'done', kind: 'end', above: '', name: 'End of the flow' },
  ]);
  expect(arrows.map(({ from, to, label }) => [from, label, to].join(' '))).toEqual([
    'flow_start  stage_0',
    'stage_0  stage_1_policy_0',
    'stage_1_policy_0 Policy passed stage_1',
    'stage_1  done',
    'stage_1_policy_0 Policy denied done',
  ]);
});

it('leads an arrow that passes boxes by around them, and no two along the same lane at once', () => {
  const arrow = (from: string, to: string) => ({ from, to, label: '' });
  const box = (id: string) => ({ id, kind: 'step', above: '', name: id }) as const;
  const ways = waysOf({
    boxes: ['a', 'b', 'c', 'd', 'e'].map(box),
    arrows: [arrow('a', 'b'), arrow('a', 'd'), arrow('b', 'e'), arrow('a', 'c'), arrow('c', 'e')],
  });
  expect(Object.fromEntries(ways.map(({ from, to, lane }) => [`${from}${to}`, lane]))).toEqual({
    ab: 0,
    ac: 1,
    ce: 1,
    ad: 2,
    be: 3,
  });
});

it('draws nothing of what is no diagram', () => {
  expect(readDiagram('')).toEqual({ boxes: [], arrows: [] });
  expect(readDiagram('graph TD\n%% nothing').arrows).toEqual([]);
});
