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

  it('takes a code for not sent unless the server says that no number is needed', () => {
    const of = (more: object) => parseChallenge({ component: 'ak-stage-authenticator-sms', ...more });
    expect(of({})).toHaveProperty('phone_number_required', true);
    expect(of({ phone_number_required: false })).toHaveProperty('phone_number_required', false);
  });

  it('keeps the options of a WebAuthn ceremony as they are', () => {
    const device_challenges = [{ device_class: 'webauthn', device_uid: '-1', challenge: { rpId: 'localhost' } }];
    expect(parseChallenge({ component: 'ak-stage-authenticator-validate', device_challenges })).toMatchObject({
      device_challenges,
      configuration_stages: [],
    });
  });

  it('reads how each source begins, and leaves that open for a kind it does not know', () => {
    const sources = [
      {
        name: 'Campus login',
        icon_url: null,
        challenge: { type: 'redirect', component: 'xak-flow-redirect', to: '/x/' },
      },
      { name: 'Plex', challenge: { type: 'native', component: 'ak-source-plex', client_id: 'c', slug: 'plex' } },
      { name: 'Retina', challenge: { type: 'native', component: 'ak-source-retina', to: '/y/' } },
    ];
    expect(parseChallenge({ component: 'ak-stage-identification', sources })).toMatchObject({
      sources: [
        { name: 'Campus login', challenge: { component: 'xak-flow-redirect', to: '/x/' } },
        { name: 'Plex', challenge: { component: 'ak-source-plex', client_id: 'c', slug: 'plex' } },
        { name: 'Retina', challenge: undefined },
      ],
    });
  });
});
