"""Asks the host. The interpreter stands still until the answer is there."""

from . import wire

LARGEST = 1024 * 1024

_ask = None
_offered = frozenset()


def connect(ask):
    """Takes the function that carries a text to the host and brings one back."""
    global _ask
    _ask = ask


def offer(names):
    """Says which functions the host has for what is evaluated now; returns which it had before."""
    global _offered
    before, _offered = _offered, names
    return before


def offers(name):
    return name in _offered


def call(name, arguments):
    """Calls a function of the host by value."""
    if name not in _offered:
        raise NotImplementedError(f"{name} is not available here.")
    asked = wire.encode({"name": name, "arguments": arguments})
    if len(asked) > LARGEST:
        raise wire.NotPortable(f"{name} was given {len(asked)} bytes; {LARGEST} is the limit.")
    answer = wire.decode(_ask(asked))
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer.get("value")
