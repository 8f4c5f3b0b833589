import { describe, expect, it } from 'vitest';
import { parseChallenge } from './challenge.codec.ts';

describe('parseChallenge', () => {
  it.each([[null], ['text'], [[]], [{}], [{ component: 7 }]])('takes %j for no challenge at all', (value) => {
    expect(parseChallenge(value)).toBeUndefined();
  });

  it.each(['ak-stage-retina-scan', 'constructor', '__proto__'])('shows %s as a step it does not know', (component) => {
    expect(parseChallenge({ component })).toEqual({ component: 'unknown', name: component });
  });

  it('fills in what a challenge leaves out, and orders the fields of a prompt', () => {
    const fields = [
      { field_key: 'b', order: 2 },
      { field_key: 'a', order: 1, choices: null },
    ];
    expect(parseChallenge({ component: 'ak-stage-prompt', fields })).toMatchObject({
      fields: [{ field_key: 'a', choices: [], required: false, initial_value: '' }, { field_key: 'b' }],
    });
    expect(parseChallenge({ component: 'ak-stage-identification' })).toMatchObject({ user_fields: [], sources: [] });
  });

  it('keeps empty response errors: they too mean that the answer did not pass', () => {
    expect(parseChallenge({ component: 'ak-stage-dummy', response_errors: {} })).toHaveProperty('response_errors', {});
    expect(parseChallenge({ component: 'ak-stage-dummy' })).not.toHaveProperty('response_errors');
  });

  it('falls back to the stacked layout', () => {
    const flow_info = { title: 'Hi', layout: 'upside_down' };
    expect(parseChallenge({ component: 'ak-stage-dummy', flow_info })?.flow_info).toEqual({
      title: 'Hi',
      background: '',
      layout: 'stacked',
      cancel_url: '/flows/-/cancel/',
    });
  });

  it('offers only those sources that it can send people to', () => {
    const sources = [
      {
        name: 'Campus login',
        icon_url: null,
        challenge: { type: 'redirect', component: 'xak-flow-redirect', to: '/x/' },
      },
      { name: 'Plex', challenge: { type: 'native', component: 'ak-source-plex', to: '/y/' } },
    ];
    expect(parseChallenge({ component: 'ak-stage-identification', sources })).toMatchObject({
      sources: [
        { name: 'Campus login', to: '/x/' },
        { name: 'Plex', to: undefined },
      ],
    });
  });
});
