import type { Variables } from './contract.ts';
import { type ModelObject, object, type Value } from './model-object.ts';
import { type UserFacts, userObject } from './people.ts';

/** The request in a browser, as expressions see it. Cookies and credentials are not among it. */
export type HttpRequestFacts = {
  /** Default GET. */
  method?: string;
  path: string;
  /** The host that was asked, with its port. */
  host?: string;
  secure?: boolean;
  /** Query parameters. */
  query?: { readonly [name: string]: string };
  /** Address of the client. */
  clientIp: string;
  userAgent?: string;
  /** Key of the session (`http_request.session.session_key`). */
  sessionKey?: string;
  /** The brand (`http_request.brand.attributes`). */
  brand?: ModelObject;
  tenant?: ModelObject;
};

export type PolicyFacts = {
  /** Null for an anonymous visitor. */
  user: UserFacts | null;
  /** What the policy is bound to. */
  obj?: ModelObject | null;
  /** Keys to values. Objects among them (`pending_user`, `application`, `geoip`) are given by `object` and `userObject`. */
  context: { readonly [key: string]: Value | undefined };
  /** The plan of the flow, which the code finds as `context["flow_plan"]` and whose context it may change. */
  plan?: { flow: string; context: { readonly [key: string]: Value | undefined } };
  http?: HttpRequestFacts;
};

/**
 * The documented variables of a policy. `context`, `ak_is_sso_flow`, and `http_request` and `ak_client_ip` where there is a request, are made
 * out of `request` inside the interpreter, so that `context` is the very dictionary that `request.context` is.
 */
export function policyVariables({ user, obj = null, context, plan, http }: PolicyFacts): Variables {
  const withPlan = plan
    ? { ...context, flow_plan: object('plan', { flow_pk: plan.flow, context: plan.context }) }
    : context;
  const request = { user: userObject(user), http_request: http ? httpRequest(http) : null, obj, debug: false };
  return { request: object('request', { ...request, context: withPlan }) };
}

export type MappingFacts = {
  /** Left out where there is nobody: a directory that is read, a group that is sent. */
  user?: UserFacts | null;
  /** The mapping or prompt itself. */
  obj?: ModelObject | null;
  http?: HttpRequestFacts;
  /** `request.context`. Empty by default. */
  context?: Variables;
  /** What the place of use adds: `provider`, `token`, `ldap`, `dn`, `source`, `group`, `notification`, `prompt_context`. */
  others?: Variables;
};

/** The documented variables of a property mapping, a webhook mapping or a prompt: `request`, `user` if there is one, and the others. */
export function mappingVariables({ user, obj = null, http, context = {}, others = {} }: MappingFacts): Variables {
  const person = user === undefined ? undefined : userObject(user);
  return {
    ...others,
    user: person,
    request: object('request', {
      user: person ?? userObject(null),
      http_request: http ? httpRequest(http) : null,
      obj,
      context,
      debug: false,
    }),
  };
}

function httpRequest(http: HttpRequestFacts): ModelObject {
  return object('http_request', {
    method: http.method ?? 'GET',
    path: http.path,
    host: http.host ?? '',
    secure: http.secure ?? false,
    GET: http.query ?? {},
    META: { REMOTE_ADDR: http.clientIp, HTTP_USER_AGENT: http.userAgent ?? '', HTTP_HOST: http.host ?? '' },
    session: object('session', { session_key: http.sessionKey ?? null }),
    brand: http.brand ?? null,
    tenant: http.tenant ?? null,
  });
}
