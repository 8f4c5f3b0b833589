"""The objects that expressions meet: attributes by value, and a few methods that administrators know."""

import ipaddress
from datetime import datetime

from . import host
from .lookups import field_of, matches


class Record:
    """An object with attributes. What is assigned to it is forgotten when the expression ends."""

    kind = "object"

    def __init__(self, members=None, kind=None):
        self.__dict__.update(members or {})
        if kind is not None:
            self.__dict__["kind"] = kind

    def members(self):
        """The attributes as a dictionary."""
        return {name: value for name, value in self.__dict__.items() if name != "kind" and not name.startswith("_")}

    def get(self, name, default=None):
        return self.__dict__.get(name, default)

    def save(self, *_args, **_kwargs):
        raise NotImplementedError(f"An expression cannot change a {self.kind}.")

    delete = save

    def __getattr__(self, name):
        raise AttributeError(f"'{self.__dict__.get('kind', type(self).kind)}' object has no attribute '{name}'")

    def __getitem__(self, name):
        try:
            return getattr(self, name)
        except AttributeError:
            raise KeyError(name) from None

    def __contains__(self, name):
        return name in self.__dict__

    def __eq__(self, other):
        if not isinstance(other, Record):
            return NotImplemented
        if self.kind != other.kind:
            return False
        own, others = self.__dict__.get("pk"), other.__dict__.get("pk")
        return self is other if own is None or others is None else own == others

    def __hash__(self):
        return hash((self.kind, self.__dict__.get("pk", id(self))))

    def __str__(self):
        return str(self.__dict__.get("name") or repr(self))

    def __repr__(self):
        return f"<{self.kind}: {self.__dict__.get('name', self.__dict__.get('pk', ''))}>"


class Collection:
    """Records in order, asked the way administrators ask: `all()`, `filter(name="x")`, `first()`, `exists()`."""

    def __init__(self, records=()):
        self._records = list(records)

    def all(self):
        return self

    distinct = all

    def filter(self, **conditions):
        return Collection(each for each in self._records if matches(each, conditions))

    def exclude(self, **conditions):
        return Collection(each for each in self._records if not matches(each, conditions))

    def get(self, **conditions):
        found = self.filter(**conditions)._records
        if len(found) != 1:
            raise LookupError(f"{len(found)} objects match, where one is asked for.")
        return found[0]

    def first(self):
        return self._records[0] if self._records else None

    def last(self):
        return self._records[-1] if self._records else None

    def exists(self):
        return bool(self._records)

    def count(self):
        return len(self._records)

    def order_by(self, *fields):
        ordered = list(self._records)
        for field in reversed(fields):
            name = field.removeprefix("-")
            ordered.sort(key=lambda each: field_of(each, name), reverse=field != name)
        return Collection(ordered)

    def values(self, *fields):
        return [{name: field_of(each, name) for name in fields} if fields else each.members() for each in self._records]

    def values_list(self, *fields, flat=False):
        if flat:
            return [field_of(each, fields[0]) for each in self._records]
        return [tuple(field_of(each, name) for name in fields) for each in self._records]

    def iterator(self):
        return iter(self._records)

    __iter__ = iterator

    def __len__(self):
        return len(self._records)

    def __getitem__(self, index):
        return Collection(self._records[index]) if isinstance(index, slice) else self._records[index]

    def __contains__(self, record):
        return record in self._records

    def __repr__(self):
        return repr(self._records)


class Group(Record):
    kind = "group"

    def __init__(self, members=None):
        super().__init__({"parent": None, "attributes": {}, **(members or {})})
        if "pk" in self.__dict__:
            self.__dict__.setdefault("group_uuid", self.pk)

    def with_parents(self):
        group = self
        for _ in range(20):
            if group is None:
                return
            yield group
            group = group.parent


class User(Record):
    kind = "user"

    def __init__(self, members=None):
        members = dict(members or {})
        groups = members.pop("groups", None)
        super().__init__({"pk": None, "username": "", "attributes": {}, **members})
        self._groups = None if groups is None else Collection(groups)
        self.__dict__.setdefault("id", self.pk)

    @property
    def ak_groups(self):
        """The direct groups; the host is asked for them when they did not come along."""
        if self._groups is None:
            self._groups = Collection(() if self.pk is None else host.call("ak_groups_of", {"user": self.pk}) or ())
        return self._groups

    groups = ak_groups

    @property
    def has_groups(self):
        return self._groups is not None

    def all_groups(self):
        """The direct groups and those they lie in."""
        found = {}
        for group in self.ak_groups:
            for each in group.with_parents():
                found.setdefault(each.pk, each)
        return Collection(found.values())

    def group_attributes(self, request=None):
        """Attributes of the brand, of the groups by name, and of the user, merged deeply; the later win."""
        merged = {}
        brand = getattr(request, "brand", None)
        if brand is not None:
            deep_merge(merged, brand.attributes)
        for group in sorted(self.all_groups(), key=lambda each: each.name):
            deep_merge(merged, group.attributes)
        deep_merge(merged, self.attributes)
        return merged

    def locale(self, _request=None):
        settings = self.attributes.get("settings")
        return settings.get("locale", "") if isinstance(settings, dict) else ""

    @property
    def is_authenticated(self):
        return self.pk is not None

    @property
    def is_anonymous(self):
        return self.pk is None

    def __getattr__(self, name):
        if name == "is_superuser":
            return any(group.is_superuser for group in self.all_groups())
        return super().__getattr__(name)

    def members(self):
        members = super().members()
        if self._groups is not None:
            members["groups"] = self._groups
        return members

    def __str__(self):
        return self.username or "AnonymousUser"

    def __repr__(self):
        return f"<user: {self}>"


class Request(Record):
    """What is being decided: `user`, `http_request`, `obj`, `context`."""

    kind = "request"

    def __repr__(self):
        return f"<PolicyRequest user={self.get('user')} obj={self.get('obj')}>"


class HttpRequest(Record):
    kind = "http_request"

    def get_host(self):
        return self.host

    def is_secure(self):
        return bool(self.secure)

    def build_absolute_uri(self, location=None):
        target = self.path if location is None else location
        if "://" in target:
            return target
        return f"{'https' if self.secure else 'http'}://{self.host}/{target.removeprefix('/')}"

    @property
    def headers(self):
        meta = self.META.items()
        return {key[5:].replace("_", "-").title(): value for key, value in meta if key.startswith("HTTP_")}


class Plan(Record):
    """The plan of a flow. Its context may be changed; stages cannot be put into it from here."""

    kind = "plan"

    def redirect(self, url):
        self.__dict__["_redirect"] = str(url)

    def insert_stage(self, *_args, **_kwargs):
        raise NotImplementedError("An expression cannot put stages into a plan; redirect() and context can be used.")

    append_stage = in_memory_stage = insert_stage


def deep_merge(target, addition):
    for key, value in (addition or {}).items():
        own = target.get(key)
        if isinstance(own, dict) and isinstance(value, dict):
            target[key] = deep_merge(dict(own), value)
        else:
            target[key] = value
    return target


def _address(members):
    return ipaddress.ip_address(members["address"])


KINDS = {
    "user": User,
    "group": Group,
    "groups": lambda members: Collection(members["records"]),
    "request": Request,
    "http_request": HttpRequest,
    "plan": Plan,
    "ip": _address,
    "datetime": lambda members: datetime.fromisoformat(members["iso"]),
}


def record_of(kind, members):
    """The object for a kind and its members."""
    make = KINDS.get(kind)
    return Record(members, kind) if make is None else make(members)
