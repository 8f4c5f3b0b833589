import type { Changes, ExpressionKind } from './contract.ts';
import type { Json } from './json.ts';
import { object } from './model-object.ts';
import { ALICE } from './testing.fixture.ts';
import { mappingVariables, type PolicyFacts, policyVariables } from './variables.ts';

/** Expressions as administrators write them, with what they come to. Their variables are those of `SCENE`. */
export type Sample = {
  title: string;
  kind?: ExpressionKind;
  code: string;
  /** What it returns; for policies whether it passes. */
  gives: Json;
  messages?: string[];
  changes?: Partial<Changes>;
};

const provider = object('provider', { pk: 4, name: 'Wiki', client_id: 'wiki', app: 'providers', model_name: 'oauth2' });
const application = object('application', { pk: 'ap1', name: 'Wiki', slug: 'wiki', meta_publisher: 'Us' });

export const SCENE: Record<ExpressionKind, ReturnType<typeof policyVariables>> = {
  policy: policyVariables({
    user: ALICE,
    obj: application,
    context: {
      is_sso: true,
      prompt_data: { username: 'bob', email: 'bob@example.com', password: 'Sup3r', attributes: { team: 'x' } },
      geoip: object('city', { continent: 'EU', country: 'CH', city: 'Basel', lat: 47.5, long: 7.6 }),
      asn: object('asn', { asn: 64_500, as_org: 'Example Net', network: '192.0.2.0/24' }),
      oauth_userinfo: { email: 'alice@example.com', groups: ['staff', 'it'] },
      application,
      pending_user_identifier: 'alice',
    },
    plan: { flow: 'f1', context: { prompt_data: { username: 'bob' }, redirect: '/old' } },
    http: {
      path: '/if/flow/login/',
      host: 'id.example.com',
      secure: true,
      clientIp: '192.0.2.7',
      userAgent: 'Curl/8',
      query: { next: '/a' },
    },
  } satisfies PolicyFacts),
  mapping: mappingVariables({
    user: ALICE,
    others: {
      provider,
      ldap: {
        cn: ['Alice'],
        mail: [],
        distinguishedName: 'cn=Alice,ou=Research,ou=People,dc=example,dc=com',
        uid: 'al',
      },
      dn: 'cn=Alice,ou=People,dc=example,dc=com',
      notification: object('notification', {
        body: 'Somebody signed in',
        severity: 'notice',
        event: object('event', { action: 'login' }),
      }),
    },
  }),
  prompt: mappingVariables({ user: ALICE, others: { prompt_context: { username: 'al', country: 'CH' } } }),
};

const claims: Sample[] = [
  { title: 'a constant', code: 'return True', gives: true },
  { title: 'no return', code: 'x = 1', gives: null },
  { title: 'nothing at all', code: '', gives: null },
  { title: 'a comment alone', code: '# later', gives: null },
  { title: 'a claim', code: 'return {"email": request.user.email}', gives: { email: 'Alice@Example.com' } },
  { title: 'lower case', code: 'return {"email": user.email.lower()}', gives: { email: 'alice@example.com' } },
  {
    title: 'first and last name',
    code: 'parts = user.name.split(" ", 1)\nreturn {"given_name": parts[0], "family_name": parts[-1]}',
    gives: { given_name: 'Alice', family_name: 'Liddell' },
  },
  {
    title: 'names of groups',
    code: 'return {"groups": [g.name for g in user.ak_groups.all()]}',
    gives: { groups: ['readers', 'app-admins'] },
  },
  {
    title: 'groups by prefix, without it',
    code: 'return {"roles": [g.name.removeprefix("app-") for g in user.ak_groups.filter(name__startswith="app-")]}',
    gives: { roles: ['admins'] },
  },
  {
    title: 'groups and those above',
    code: 'return sorted(g.name for g in user.all_groups())',
    gives: ['app-admins', 'everyone', 'readers'],
  },
  {
    title: 'a flat list of values',
    code: 'return user.ak_groups.values_list("name", flat=True)',
    gives: ['readers', 'app-admins'],
  },
  {
    title: 'the first of a filter',
    code: 'g = user.ak_groups.filter(name="readers").first()\nreturn g.attributes["floor"]',
    gives: 3,
  },
  { title: 'nothing found', code: 'return user.ak_groups.filter(name="nobody").first()', gives: null },
  {
    title: 'a condition on an attribute',
    code: 'return user.ak_groups.filter(attributes__role="admin").exists()',
    gives: true,
  },
  { title: 'the parent of a group', code: 'return user.ak_groups.get(name="readers").parent.name', gives: 'everyone' },
  { title: 'how many', code: 'return user.ak_groups.exclude(name__in=["readers"]).count()', gives: 1 },
  {
    title: 'merged attributes',
    code: 'return user.group_attributes(request)',
    gives: {
      role: 'admin',
      floor: 3,
      site: 'Basel',
      quota: { disk: 5, mail: 2 },
      department: 'Research',
      settings: { locale: 'de' },
      phone: ['+41 1', '+41 2'],
    },
  },
  { title: 'an attribute with a default', code: 'return user.attributes.get("phone_mobile", "none")', gives: 'none' },
  { title: 'an attribute inside', code: 'return user.attributes["settings"]["locale"]', gives: 'de' },
  { title: 'the first of a list', code: 'return list_flatten(user.attributes["phone"])', gives: '+41 1' },
  { title: 'the first of an empty list', code: 'return list_flatten(ldap.get("mail"))', gives: null },
  { title: 'a single value stays', code: 'return list_flatten(ldap.get("uid"))', gives: 'al' },
  {
    title: 'an f-string',
    code: 'return f"{user.username}@{provider.name.lower()}.example.com"',
    gives: 'alice@wiki.example.com',
  },
  {
    title: 'by the provider',
    code: 'if provider.client_id == "wiki":\n    return {"role": "editor"}\nreturn {}',
    gives: { role: 'editor' },
  },
  {
    title: 'nothing for this user',
    code: 'if not ak_is_group_member(user, name="auditors"):\n    return None\nreturn {"audit": True}',
    gives: null,
  },
  { title: 'member of a group above', code: 'return ak_is_group_member(user, name="everyone")', gives: true },
  { title: 'a replaced text', code: 'return regex_replace(user.username, "[aeiou]", "_")', gives: '_l_c_' },
  {
    title: 'a pattern that is found anywhere',
    code: 'return regex_match(user.email, r"@example\\.com$")',
    gives: false,
  },
  { title: 'a pattern without case', code: 'return regex_match(user.email, r"(?i)@example\\.com$")', gives: true },
  {
    title: 'several values',
    code: 'for g in user.ak_groups.all():\n    yield g.name',
    gives: ['readers', 'app-admins'],
  },
  {
    title: 'a hash',
    code: 'import hashlib\nreturn hashlib.sha256(user.uid.encode()).hexdigest()[:8]',
    gives: 'fb028887',
  },
  { title: 'base64', code: 'from base64 import b64encode\nreturn b64encode(b"a:b")', gives: 'YTpi' },
  { title: 'a uuid', code: 'import uuid\nreturn uuid.UUID(user.uuid)', gives: 'b5ad7f0e-7d55-4a29-9d5f-7f7cf6d6c6f3' },
  { title: 'a date', code: 'return user.date_joined.year', gives: 2024 },
  { title: 'a date as text', code: 'return user.date_joined', gives: '2024-03-01T10:00:00+00:00' },
  { title: 'json inside', code: 'import json\nreturn json.dumps({"a": [1, None]})', gives: '{"a": [1, null]}' },
  { title: 'a quoted address', code: 'from urllib.parse import quote\nreturn quote("a b/ü")', gives: 'a%20b/%C3%BC' },
  { title: 'a set', code: 'return sorted({1, 3, 2})', gives: [1, 2, 3] },
  { title: 'a set as it is', code: 'return {"one"}', gives: ['one'] },
  { title: 'a tuple', code: 'return ("a", 1)', gives: ['a', 1] },
  { title: 'a large number', code: 'return 2 ** 60', gives: '1152921504606846976' },
  { title: 'a decimal', code: 'from decimal import Decimal\nreturn Decimal("1.10")', gives: '1.10' },
  {
    title: 'match',
    code: 'match user.type:\n    case "internal": return "employee"\n    case _: return "guest"',
    gives: 'employee',
  },
  {
    title: 'a function of its own',
    code: 'def title(text):\n    return text.title()\nreturn title("x y")',
    gives: 'X Y',
  },
  { title: 'a closure over a variable', code: 'return [n for n in ["a", "b"] if n in user.username]', gives: ['a'] },
  { title: 'a variable that is set anew', code: 'user = user.username\nreturn user', gives: 'alice' },
  {
    title: 'a whole block that is indented',
    code: '    if True:\n        return "yes"\n    return "no"',
    gives: 'yes',
  },
  { title: 'a text over several lines', code: 'return """a\n  b\nc"""', gives: 'a\n  b\nc' },
  { title: 'line ends of Windows', code: 'x = 1\r\nreturn x\r\n', gives: 1 },
  {
    title: 'the path of a directory entry',
    code: 'parts = [p.split("=", 1) for p in ldap.get("distinguishedName").split(",")]\nreturn "/".join(reversed([v for k, v in parts if k == "ou"]))',
    gives: 'People/Research',
  },
  {
    title: 'a webhook',
    code: 'return {"text": notification.body, "level": notification.severity, "what": notification.event.action}',
    gives: { text: 'Somebody signed in', level: 'notice', what: 'login' },
  },
  {
    title: 'a user is the same wherever it is',
    code: 'return request.user == user and user.is_authenticated and not user.is_superuser',
    gives: true,
  },
  { title: 'users as text', code: 'return str(user)', gives: 'alice' },
  { title: 'a missing attribute with a default', code: 'return getattr(user, "pet", "none")', gives: 'none' },
  {
    title: 'a sorted collection',
    code: 'return [g.name for g in user.ak_groups.order_by("name")]',
    gives: ['app-admins', 'readers'],
  },
];

const prompts: Sample[] = [
  {
    title: 'an initial value',
    kind: 'prompt',
    code: 'try:\n    return user.username\nexcept:\n    return ""',
    gives: 'alice',
  },
  {
    title: 'choices',
    kind: 'prompt',
    code: 'return ["de", "fr"] if prompt_context.get("country") == "CH" else ["en"]',
    gives: ['de', 'fr'],
  },
  {
    title: 'choices with labels',
    kind: 'prompt',
    code: 'return [{"value": c, "label": c.upper()} for c in "ab"]',
    gives: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
  },
  { title: 'a locale', kind: 'prompt', code: 'return user.locale(request)', gives: 'de' },
];

const policy = (title: string, code: string, gives: boolean, more: Partial<Sample> = {}): Sample => ({
  title,
  kind: 'policy',
  code,
  gives,
  ...more,
});

const policies: Sample[] = [
  policy('passing', 'return True', true),
  policy('nothing returned', 'pass', false),
  policy('something that is true', 'return "yes"', true),
  policy('an empty list', 'return []', false),
  policy('a match', 'import re\nreturn re.match("a", request.user.username)', true),
  policy('sign-in by a source', 'return ak_is_sso_flow', true),
  policy('an address in a network', 'return ak_client_ip in ip_network("192.0.2.0/24")', true),
  policy(
    'a private address',
    'return ak_client_ip.is_private and ak_client_ip not in ip_network("192.0.2.0/24")',
    false,
  ),
  policy('an address compared', 'return ak_client_ip == ip_address("192.0.2.7")', true),
  policy('a country', 'return context["geoip"].country in ("CH", "AT")', true),
  policy('a continent by name', 'return context["geoip"]["continent"] == "EU"', true),
  policy('a network operator', 'return context["asn"].asn == 64500', true),
  policy('a message', 'ak_message("Access denied")\nreturn False', false, { messages: ['Access denied'] }),
  policy(
    'a rule for passwords',
    'if regex_match(request.context["prompt_data"]["password"], r"[^A-Za-z0-9]"):\n    return True\nak_message("Use a symbol.")\nreturn False',
    false,
    { messages: ['Use a symbol.'] },
  ),
  policy(
    'an enrolment for one domain',
    'allowed = ["example.com"]\ndomain = context["prompt_data"]["email"].rsplit("@", 1)[-1]\nif domain not in allowed:\n    ak_message("Not this domain")\nreturn domain in allowed',
    true,
  ),
  policy('no form yet', 'return "username" not in context.get("prompt_data", {})', false),
  policy('a browser', 'return "curl" in http_request.META["HTTP_USER_AGENT"].lower()', true),
  policy('a header', 'return request.http_request.headers.get("User-Agent") == "Curl/8"', true),
  policy('a query parameter', 'return http_request.GET.get("next") == "/a"', true),
  policy('an absolute address', 'return http_request.build_absolute_uri("/x") == "https://id.example.com/x"', true),
  policy('the application', 'return request.obj.slug == "wiki" and context["application"] == request.obj', true),
  policy('a group', 'return ak_is_group_member(request.user, name="readers")', true),
  policy('one of many groups', 'return request.user.ak_groups.filter(name__in=["x", "app-admins"]).exists()', true),
  policy('a weekday', 'from datetime import datetime\nreturn datetime(2024, 5, 6).weekday() < 5', true),
  policy('an active user', 'return request.user.is_active and not request.user.is_anonymous', true),
  policy('a source that names groups', 'return "it" in context["oauth_userinfo"]["groups"]', true),
  policy('the same context twice', 'context["mark"] = 1\nreturn request.context["mark"] == 1', true, {
    changes: { context: { set: { mark: 1 }, removed: [] } },
  }),
  policy('groups for a new user', 'request.context["flow_plan"].context["groups"] = ["staff"]\nreturn True', true, {
    changes: { plan: { set: { groups: ['staff'] }, removed: [] } },
  }),
  policy(
    'a changed form',
    'data = context["flow_plan"].context["prompt_data"]\ndata["username"] = data["username"].upper()\nreturn True',
    true,
    { changes: { plan: { set: { prompt_data: { username: 'BOB' } }, removed: [] } } },
  ),
  policy('a removed key', 'context["flow_plan"].context.pop("redirect")\nreturn True', true, {
    changes: { plan: { set: {}, removed: ['redirect'] } },
  }),
  policy('a redirect', 'context["flow_plan"].redirect("https://example.com/")\nreturn False', false, {
    changes: { redirect: 'https://example.com/' },
  }),
];

export const CORPUS: readonly Sample[] = [...claims, ...prompts, ...policies];
