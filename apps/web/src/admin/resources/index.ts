/** Every resource that the administration has pages for. A new one is a description, and a line here. */

import type { Resource } from '../resource/resource.ts';
import { applications, mappings, providers, sources } from './applications.resource.ts';
import { events, rules, transports } from './events.resource.ts';
import { flows, policies, prompts, stages } from './flows.resource.ts';
import { groups, invitations, reputation, roles, sessions, tokens, users } from './people.resource.tsx';
import { blueprints, brands, certificates, tasks, tenants } from './system.resource.ts';

export const RESOURCES: readonly Resource[] = [
  ...[users, groups, roles, tokens, sessions, invitations, reputation],
  ...[applications, providers, mappings, sources],
  ...[flows, stages, prompts, policies],
  ...[events, rules, transports],
  ...[brands, tenants, tasks, blueprints, certificates],
];
