"""The functions that every expression may call."""

import re
from ipaddress import ip_address, ip_network

from . import host
from .lookups import matches
from .records import Record, User

DEVICE_TYPES = ("static", "totp", "duo", "webauthn", "sms")


def regex_match(value, regex):
    """Whether the pattern is found anywhere in the value."""
    return re.search(regex, value) is not None


def regex_replace(value, regex, repl):
    """The value with everything that the pattern finds replaced."""
    return re.sub(regex, repl, value)


def list_flatten(value):
    """The first element of a list, None for an empty one, anything else as it is."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def ak_is_group_member(user, **filters):
    """Whether the user is in a group, or below one, that fulfils the conditions."""
    if user is None or user.pk is None:
        return False
    if not user.has_groups and host.offers("ak_is_group_member"):
        return bool(host.call("ak_is_group_member", {"user": user.pk, "filters": filters}))
    return any(matches(group, filters) for group in user.all_groups())


def ak_user_by(**filters):
    """The first user that fulfils the conditions, or None."""
    return host.call("ak_user_by", {"filters": filters})


def ak_user_has_authenticator(user, device_type=None):
    """Whether the user has a confirmed authenticator, of the type if one is given."""
    if device_type is not None and device_type not in DEVICE_TYPES:
        raise ValueError(f"device_type is one of {', '.join(DEVICE_TYPES)}.")
    if user is None or user.pk is None:
        return False
    return bool(host.call("ak_user_has_authenticator", {"user": user.pk, "device_type": device_type}))


def resolve_dns(host_name, ip_version=None):
    """The addresses of a name; an empty list when it has none."""
    return host.call("resolve_dns", {"host": host_name, "ip_version": ip_version})


def reverse_dns(ip):
    """The name of an address, or the address."""
    return host.call("reverse_dns", {"ip": str(ip)})


HIDDEN = "*" * 20
_SECRET = re.compile("api|token|key|secret|pass|signature", re.IGNORECASE)


def clean(value, name=""):
    """A value as events keep it: objects by what names them, secrets hidden, requests left out."""
    if isinstance(value, dict):
        return {str(key): clean(each, str(key)) for key, each in value.items() if not _is_request(each)}
    if isinstance(value, (list, tuple, set)):
        return [clean(each) for each in value if each and not _is_request(each)]
    if _SECRET.search(name) and "passing" not in name.lower():
        return HIDDEN
    if isinstance(value, User):
        return {"username": value.username, "pk": value.pk, "email": value.get("email", "")}
    if isinstance(value, Record):
        named = {"app": value.get("app", ""), "model_name": value.get("model_name", value.kind), "pk": value.get("pk")}
        return {**named, "name": str(value)}
    if hasattr(value, "hex") and type(value).__name__ == "UUID":
        return value.hex
    return value


def _is_request(value):
    return isinstance(value, Record) and value.kind in ("http_request", "plan")


class Requests:
    """Stands where the reference has an HTTP session. It reaches nothing unless the host lends a hand."""

    def request(self, method, url, params=None, headers=None, data=None, json=None, timeout=None, **others):
        import json as texts
        from urllib.parse import urlencode

        if not host.offers("http_request"):
            raise PermissionError("requests is switched off: expressions reach no network.")
        if others:
            raise TypeError(f"requests does not know {', '.join(others)} here.")
        headers = dict(headers or {})
        if json is not None:
            data = texts.dumps(json)
            headers.setdefault("Content-Type", "application/json")
        elif isinstance(data, dict):
            data = urlencode(data, doseq=True)
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        if params:
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(params, doseq=True)}"
        body = data.decode() if isinstance(data, bytes) else data
        asked = {"method": method.upper(), "url": url, "headers": headers, "body": body, "timeout": timeout}
        return Response(host.call("http_request", asked))

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def head(self, url, **options):
        return self.request("HEAD", url, **options)

    def post(self, url, data=None, json=None, **options):
        return self.request("POST", url, data=data, json=json, **options)

    def put(self, url, data=None, **options):
        return self.request("PUT", url, data=data, **options)

    def patch(self, url, data=None, **options):
        return self.request("PATCH", url, data=data, **options)

    def delete(self, url, **options):
        return self.request("DELETE", url, **options)


class Response:
    """An answer: `status_code`, `ok`, `headers`, `text`, `content`, `json()`, `raise_for_status()`."""

    def __init__(self, answer):
        self.status_code = answer["status"]
        self.headers = answer.get("headers") or {}
        self.text = answer.get("body") or ""
        self.content = self.text.encode()
        self.ok = self.status_code < 400

    def json(self):
        import json

        return json.loads(self.text)

    def raise_for_status(self):
        if not self.ok:
            raise RuntimeError(f"The server answered {self.status_code}.")


TEMPLATE = {
    "ak_is_group_member": ak_is_group_member,
    "ak_user_by": ak_user_by,
    "ak_user_has_authenticator": ak_user_has_authenticator,
    "ip_address": ip_address,
    "ip_network": ip_network,
    "list_flatten": list_flatten,
    "regex_match": regex_match,
    "regex_replace": regex_replace,
    "resolve_dns": resolve_dns,
    "reverse_dns": reverse_dns,
}
