/** Every resource that the administration has pages for. A new one is a description, and a line here. */

import type { Resource } from '../resource/resource.ts';
import { applications, mappings, providers, sources } from './applications.resource.ts';
import { events, rules, transports } from './events.resource.ts';
import { flows, policies, prompts, stages } from './flows.resource.ts';
import { groups, invitations, reputation, roles, sessions, tokens, users } from './people.resource.tsx';
import { blueprints, brands, certificates, domains, tasks, tenants } from './system.resource.tsx';
import { imports } from './transfers.resource.tsx';

export const RESOURCES: readonly Resource[] = [
  ...[users, groups, roles, tokens, sessions, invitations, reputation, imports],
  ...[applications, providers, mappings, sources],
  ...[flows, stages, prompts, policies],
  ...[events, rules, transports],
  ...[brands, tenants, domains, tasks, blueprints, certificates],
];
