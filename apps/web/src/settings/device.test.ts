import { expect, it } from 'vitest';
import { classOf, type Device, decodeDevice, lossOf } from './device.ts';

const aDevice = (deviceClass: string, pk: number): Device => ({ deviceClass, pk, name: deviceClass });

it('knows the class of a device by the name of its model', () => {
  const type = 'authentik_stages_authenticator_webauthn.WebAuthnDevice';
  expect(decodeDevice({ pk: 7, name: 'Key', type })).toEqual({ pk: 7, name: 'Key', deviceClass: 'webauthn' });
  expect(decodeDevice({ type: 'something.Else' }).deviceClass).toBe('');
});

it('knows what sets up a second factor from what changes a password', () => {
  const of = (component: string) => classOf({ component, uid: '', title: '' });
  expect(of('ak-user-settings-authenticator-sms')).toBe('sms');
  expect(of('ak-user-settings-password')).toBeUndefined();
});

it('warns of the last second factor, and of being left with recovery codes alone', () => {
  const [app, key, codes] = [aDevice('totp', 1), aDevice('webauthn', 1), aDevice('static', 1)];
  expect(lossOf([app], app)).toBe('last');
  expect(lossOf([codes], codes)).toBe('last');
  expect(lossOf([app, codes], app)).toBe('codes-left');
  expect(lossOf([app, codes], codes)).toBe('none');
  expect(lossOf([app, key, codes], app)).toBe('none');
});
