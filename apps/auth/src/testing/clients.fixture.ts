/** Clients of everything that the login service serves. */

import { auth as api, holdings, jobs } from '@postern/proto';
import type { PlainDeps } from '@postern/service';

/** Creates the clients. */
export function clientsOf(client: PlainDeps<object>['client']) {
  return {
    tokens: client(api.TokenServiceDefinition),
    sessions: client(api.AuthenticatedSessionServiceDefinition),
    consents: client(api.UserConsentServiceDefinition),
    impersonation: client(api.ImpersonationServiceDefinition),
    sessionDirectory: client(api.SessionDirectoryServiceDefinition),
    appPasswords: client(api.AppPasswordServiceDefinition),
    credentials: client(api.CredentialServiceDefinition),
    principals: client(api.PrincipalServiceDefinition),
    executor: client(api.FlowExecutorServiceDefinition),
    flows: client(api.FlowInstanceServiceDefinition),
    flowBindings: client(api.FlowStageBindingServiceDefinition),
    stages: client(api.StageServiceDefinition),
    passwordStages: client(api.PasswordStageServiceDefinition),
    userWriteStages: client(api.UserWriteStageServiceDefinition),
    captchaStages: client(api.CaptchaStageServiceDefinition),
    invitations: client(api.InvitationServiceDefinition),
    signInGuard: client(api.SignInGuardServiceDefinition),
    policies: client(api.PolicyServiceDefinition),
    policyBindings: client(api.PolicyBindingServiceDefinition),
    dummyPolicies: client(api.DummyPolicyServiceDefinition),
    eventMatchers: client(api.EventMatcherPolicyServiceDefinition),
    expressionPolicies: client(api.ExpressionPolicyServiceDefinition),
    passwordPolicies: client(api.PasswordPolicyServiceDefinition),
    expiryPolicies: client(api.PasswordExpiryPolicyServiceDefinition),
    reputationPolicies: client(api.ReputationPolicyServiceDefinition),
    reputations: client(api.ReputationServiceDefinition),
    evaluation: client(api.PolicyEvaluationServiceDefinition),
    devices: client(api.DeviceServiceDefinition),
    totpDevices: client(api.TotpAuthenticatorServiceDefinition),
    staticDevices: client(api.StaticAuthenticatorServiceDefinition),
    webAuthnDevices: client(api.WebAuthnAuthenticatorServiceDefinition),
    holdings: client(holdings.HoldingServiceDefinition, 'auth'),
    jobs: client(jobs.JobServiceDefinition, 'auth'),
  };
}
