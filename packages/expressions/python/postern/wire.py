"""What crosses the border, as text: JSON in which an object is a dictionary with its kind under `$`. Keys that start with `$` get one more."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from uuid import UUID

_SAFE = 2**53
_AS_TEXT = (UUID, Decimal, IPv4Address, IPv6Address, IPv4Network, IPv6Network, timedelta)


class NotPortable(TypeError):
    """A value that has no form outside the interpreter."""


def _record_of(kind, members):
    from .records import record_of

    return record_of(kind, members)


def _object(members):
    kind = members.pop("$", None)
    return members if kind is None else _record_of(kind, members)


def _escaped_object(members):
    kind = members.pop("$", None)
    members = {key.removeprefix("$") if key.startswith("$") else key: value for key, value in members.items()}
    return members if kind is None else _record_of(kind, members)


def decode(text):
    """The value that a text stands for."""
    return json.loads(text, object_hook=_escaped_object if '"$$' in text else _object)


def encode(value):
    """The text for a value."""
    return json.dumps(portable(value), allow_nan=False, separators=(",", ":"), check_circular=False)


def portable(value):
    """The value in types that JSON has."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        return value if value.isascii() else _text(value)
    if kind is int:
        return value if -_SAFE <= value <= _SAFE else str(value)
    if kind is float:
        if value - value != 0:
            raise NotPortable(f"{value} is not a number that JSON knows.")
        return value
    if kind is list or kind is tuple:
        return [portable(each) for each in value]
    if kind is dict:
        return {_key(key): portable(each) for key, each in value.items()}
    return _other(value)


def _text(value):
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotPortable("a text holds half a character.") from None
    return value


def _bytes(value):
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise NotPortable("bytes that are no UTF-8 text cannot leave the expression; use base64.") from None


def _key(key):
    if isinstance(key, str):
        return f"${key}" if key.startswith("$") else str(key)
    if key is None or isinstance(key, (bool, int, float)):
        return json.dumps(key)
    if isinstance(key, _AS_TEXT):
        return str(key)
    raise NotPortable(f"a dictionary key is of the type {type(key).__name__}, and not text.")


def _other(value):
    from .records import Record

    if isinstance(value, Record):
        return {"$": value.kind, **{_key(name): portable(each) for name, each in value.members().items()}}
    if isinstance(value, Enum):
        return portable(value.value)
    if isinstance(value, str):
        return portable(str.__str__(value))
    if isinstance(value, int):
        return portable(int(value))
    if isinstance(value, float):
        return portable(float(value))
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return _bytes(bytes(value))
    if isinstance(value, _AS_TEXT):
        return str(value)
    if isinstance(value, Mapping):
        return {_key(key): portable(each) for key, each in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, type):
        return [portable(each) for each in value]
    raise NotPortable(f"a value of the type {type(value).__name__} cannot leave the expression.")
