"""Conditions as keyword arguments: `name="x"`, `name__startswith="a"`, `attributes__team__in=["a", "b"]`."""

import re


class FieldError(ValueError):
    """A condition names a field that the object does not have."""


def _text(value):
    return "" if value is None else str(value)


def _compared(test):
    def compare(value, other):
        return value is not None and test(value, other)

    return compare


OPERATORS = {
    "exact": lambda value, other: value == other or (value is not None and other is not None and str(value) == str(other)),
    "iexact": lambda value, other: _text(value).casefold() == _text(other).casefold(),
    "contains": lambda value, other: other in value if isinstance(value, (list, tuple, dict)) else _text(other) in _text(value),
    "icontains": lambda value, other: _text(other).casefold() in _text(value).casefold(),
    "startswith": lambda value, other: _text(value).startswith(_text(other)),
    "istartswith": lambda value, other: _text(value).casefold().startswith(_text(other).casefold()),
    "endswith": lambda value, other: _text(value).endswith(_text(other)),
    "iendswith": lambda value, other: _text(value).casefold().endswith(_text(other).casefold()),
    "in": lambda value, other: any(OPERATORS["exact"](value, each) for each in other),
    "gt": _compared(lambda value, other: value > other),
    "gte": _compared(lambda value, other: value >= other),
    "lt": _compared(lambda value, other: value < other),
    "lte": _compared(lambda value, other: value <= other),
    "isnull": lambda value, other: (value is None) == bool(other),
    "regex": lambda value, other: re.search(other, _text(value)) is not None,
    "iregex": lambda value, other: re.search(other, _text(value), re.IGNORECASE) is not None,
}

_MISSING = object()


def _step(value, name):
    if isinstance(value, dict):
        return value.get(name)
    if value is None:
        return None
    found = getattr(value, name, _MISSING)
    if found is _MISSING:
        raise FieldError(f"Cannot resolve keyword '{name}' into field.")
    return found


def matches(record, conditions):
    """Whether the record fulfils every condition."""
    return all(_holds(record, lookup, other) for lookup, other in conditions.items())


def _holds(record, lookup, other):
    *path, last = lookup.split("__")
    operator = OPERATORS.get(last) if path else None
    if operator is None:
        path, operator = [*path, last], OPERATORS["exact"]
    value = record
    for name in path:
        value = _step(value, name)
    return operator(value, other)


def field_of(record, path):
    """The value of a field, `parent__name` included."""
    value = record
    for name in path.split("__"):
        value = _step(value, name)
    return value
