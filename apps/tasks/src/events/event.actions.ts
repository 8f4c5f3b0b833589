import type { api } from '@postern/proto';

/** Actions of the contract and what they are called. */
const LABELS = {
  login: 'Login',
  login_failed: 'Login Failed',
  logout: 'Logout',
  user_write: 'User Write',
  suspicious_request: 'Suspicious Request',
  password_set: 'Password Set',
  secret_view: 'Secret View',
  secret_rotate: 'Secret Rotate',
  invitation_used: 'Invite Used',
  authorize_application: 'Authorize Application',
  source_linked: 'Source Linked',
  impersonation_started: 'Impersonation Started',
  impersonation_ended: 'Impersonation Ended',
  flow_execution: 'Flow Execution',
  policy_execution: 'Policy Execution',
  policy_exception: 'Policy Exception',
  property_mapping_exception: 'Property Mapping Exception',
  system_task_execution: 'System Task Execution',
  system_task_exception: 'System Task Exception',
  system_exception: 'System Exception',
  configuration_error: 'Configuration Error',
  model_created: 'Model Created',
  model_updated: 'Model Updated',
  model_deleted: 'Model Deleted',
  email_sent: 'Email Sent',
  update_available: 'Update Available',
  custom_: 'Custom',
} as const;

/** What happened: an action of the contract, or one that an installation made up. */
export type Action = keyof typeof LABELS | `custom_${string}`;

const LONGEST = 128;

/** An action as the log keeps it: what the contract does not know becomes a custom one. */
export function actionFrom(text: string): Action {
  if (isKnown(text)) return text;
  const name = text.replace(/^custom_/, '').replaceAll(/[^\w-]/g, '_');
  return `custom_${name.slice(0, LONGEST)}`;
}

function isKnown(text: string): text is keyof typeof LABELS {
  return Object.hasOwn(LABELS, text);
}

/** The actions, as the API lists kinds. */
export function listActions(): api.TypeCreate[] {
  return Object.entries(LABELS).map(([component, name]) => ({ name, description: '', component, model_name: '' }));
}
