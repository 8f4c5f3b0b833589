import { expect, it } from 'vitest';
import { findPermission, MODELS, PERMISSIONS } from './index.ts';

it('has a number and a name of its own for every permission', () => {
  expect(new Set(PERMISSIONS.map(({ id }) => id)).size).toBe(PERMISSIONS.length);
  expect(new Set(PERMISSIONS.map(({ permission }) => permission)).size).toBe(PERMISSIONS.length);
  expect(PERMISSIONS.length).toBeGreaterThan(MODELS.length * 4);
});

it('says what people read', () => {
  expect(findPermission('authentik_core.add_application')).toMatchObject({
    name: 'Can add Application',
    codename: 'add_application',
    app: 'authentik_core',
    appLabel: 'authentik Core',
    model: 'authentik_core.application',
    modelLabel: 'Application',
  });
  expect(findPermission('authentik_policies_event_matcher.view_eventmatcherpolicy')?.appLabel).toBe(
    'authentik Policies.Event Matcher',
  );
  expect(findPermission('authentik_core.fly')).toBeUndefined();
});
