import type { Json } from './json.ts';
import type { ModelObject, Value } from './model-object.ts';

/** Limits of the engine. Everything has a default. */
export type ExpressionSettings = {
  /**
   * Folder for the memory snapshot from which interpreters start in 0.4 s, made when it is missing. It must be ours, and nobody else may
   * write to it. Default: a folder of this user in the system's temporary folder; false: no snapshot, and 2 s for each start.
   */
  cacheDir?: string | false;
  /** Bytes that the Python code of one interpreter may hold. Default 192 MiB, least 64 MiB. */
  memory?: number;
  /** Milliseconds of processor after which an expression is interrupted. Default 1,000. Waiting for host functions takes none. */
  softMs?: number;
  /** Milliseconds of processor after which the interpreter of a stubborn expression is killed. Default twice as much. */
  hardMs?: number;
  /** Milliseconds that an evaluation may take in all, host functions and waiting included. Default 30,000. */
  timeoutMs?: number;
  /** Interpreters that may be at work at once, each for one tenant at a time. Default 2. */
  interpreters?: number;
  /** Interpreters that wait, warm, to replace one that was killed. They start with the first. Default 1; 0 saves their memory. */
  spare?: number;
  /** Evaluations that may wait for an interpreter; further ones are refused. Default 1,000. */
  queue?: number;
  /** Milliseconds without an evaluation after which all interpreters end and free their memory. Default 600,000; 0 keeps them. */
  idleMs?: number;
};

/** Where the code of an expression does not compile. */
export type SyntaxProblem = {
  /** Counted from 1. */
  line: number;
  /** Counted from 1, in characters. */
  column: number;
  /** What Python says: `'(' was never closed`. */
  message: string;
};

/** `policy`: may change its context and send messages. `mapping` returns a value. `prompt` is a mapping with `prompt_context`. */
export type ExpressionKind = 'policy' | 'mapping' | 'prompt';

/** One evaluation. */
export type Expression = {
  /** Whose code it is. Code of one tenant never runs in an interpreter that code of another has touched. */
  tenant: string;
  /** Name of the policy or mapping, for logs and tracebacks. */
  name: string;
  kind: ExpressionKind;
  /** Body of a function; its parameters are the variables. */
  code: string;
  variables: Variables;
  /** Functions that this evaluation may call, beside those of the engine. */
  functions?: HostFunctions;
  /** Overrides the setting, and may only shorten it. */
  timeoutMs?: number;
};

/** Names to values. `policyVariables` and `mappingVariables` make the documented ones. */
export type Variables = { readonly [name: string]: Value | undefined };

/** What an evaluation came to. */
export type Evaluation = {
  /** What the code returned, as JSON; null when it returned nothing. Objects come as their members. */
  value: Json;
  /** Whether Python takes what was returned for true. For policies this is the verdict. */
  truthy: boolean;
  /** What `ak_message` was given, in order. */
  messages: string[];
  /** What the code logged or printed. */
  logs: LogLine[];
  /** What a policy changed in its context; empty for other kinds. */
  changes: Changes;
};

/** A line that an expression logged. */
export type LogLine = {
  level: 'debug' | 'info' | 'warning' | 'error';
  message: string;
  /** Keyword arguments of the call. */
  facts: { [key: string]: Json };
};

/** Keys that a policy set to another value, or removed. */
export type Changes = {
  /** Of `context`, but for `flow_plan`. */
  context: KeyChanges;
  /** Of `context["flow_plan"].context`. */
  plan: KeyChanges;
  /** What `context["flow_plan"].redirect(url)` was given last. */
  redirect?: string;
};

/** New values may be objects: a user comes back as `ModelObject` of the kind `user`. */
export type KeyChanges = { set: { [key: string]: Kept }; removed: string[] };

/** JSON with objects in it. */
export type Kept = Json | ModelObject | readonly Kept[] | { readonly [key: string]: Kept };

/** What host functions learn about the call. */
export type HostCall = {
  tenant: string;
  /** Name of the policy or mapping that calls. */
  name: string;
  /** Aborted when the time of the evaluation is over. */
  signal: AbortSignal;
};

/**
 * A function of the host: arguments by value in, a value out. A `HostFunctionError` or an error of the catalogue is raised in Python as
 * `RuntimeError` with its message; of any other the code learns only that the function failed, and the log the rest.
 */
export type HostFunction<Args, Result = Value | undefined> = (args: Args, call: HostCall) => Promise<Result>;

/** What another policy says, and what it changed: `{ passing, messages, changes }` of its evaluation. */
export type PolicyAnswer = { passing: boolean; messages: readonly string[]; changes?: Changes };

/** Conditions as administrators write them: `{ name: 'x' }`, `{ username__startswith: 'a' }`. Values are JSON. */
export type Filters = { readonly [lookup: string]: Json };

/** What the code may ask of its host. A function that is missing raises `NotImplementedError` when it is called. */
export type HostFunctions = {
  /** First user that matches (`userObject`), or null. Unknown fields match nobody. */
  ak_user_by?: HostFunction<{ filters: Filters }>;
  /** Whether the user is in a group, or below one, that matches. Asked only when `user` came without `groups`. */
  ak_is_group_member?: HostFunction<{ user: number; filters: Filters }>;
  /** Direct groups of the user (`groupObject`s). Asked only when `user` came without `groups`. */
  ak_groups_of?: HostFunction<{ user: number }>;
  /** Whether the user has a confirmed device; of that type when one is given. */
  ak_user_has_authenticator?: HostFunction<{
    user: number;
    device_type: 'static' | 'totp' | 'duo' | 'webauthn' | 'sms' | null;
  }>;
  /**
   * Runs another policy with the context as it stands; its changes are made to the context of the caller. `flow_plan` in the context is an
   * object of the kind `plan`, whose member `context` is the context of the plan.
   */
  ak_call_policy?: HostFunction<{ name: string; context: { readonly [key: string]: Kept } }, PolicyAnswer>;
  /** Writes an event. `action` has its prefix already; secrets in `context` are hidden already. */
  ak_create_event?: HostFunction<{ action: string; context: { readonly [key: string]: Kept } }>;
  /** Addresses of a host name; the engine has one of its own. */
  resolve_dns?: HostFunction<{ host: string; ip_version: 4 | 6 | null }>;
  /** Name of an address, or the address; the engine has one of its own. */
  reverse_dns?: HostFunction<{ ip: string }>;
  /** What stands behind `requests`; missing by default, so that expressions reach no network. */
  http_request?: HostFunction<{
    method: string;
    url: string;
    headers: { readonly [name: string]: string };
    body: string | null;
    timeout: number | null;
  }>;
};

/** The engine. */
export type Expressions = {
  /** The first syntax error of the code, if there is one. Nothing is run. */
  check(source: { tenant: string; code: string }): Promise<SyntaxProblem | undefined>;
  /**
   * Runs the code in a locked interpreter. Host functions may evaluate in turn: the inner evaluation runs in the same interpreter.
   *
   * @throws ExpressionError whatever goes wrong
   */
  evaluate(expression: Expression): Promise<Evaluation>;
  /** Ends the interpreters. What is being evaluated fails. */
  close(): Promise<void>;
};
