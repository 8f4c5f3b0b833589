"""What the runner calls: text in, text out, and no exception ever."""

import json

from . import host, tidy, wire
from .evaluation import Evaluation, failure_of
from .program import compiled, problem_of


LARGEST = 1024 * 1024

tidy.preload()


def connect(ask):
    """Takes the way to the host."""
    host.connect(ask)


def evaluate(text):
    """Evaluates what the text describes."""
    evaluation = None
    try:
        evaluation = Evaluation(wire.decode(text))
        # The parts are portable already; encoding them again would double the marks of their kinds.
        return _bounded(json.dumps(evaluation.run(), separators=(",", ":"), check_circular=False))
    except SyntaxError as error:
        tidy.restore_builtins()
        if evaluation is not None and error.filename == "<expression>":
            return json.dumps({"failure": "syntax", **problem_of(error)})
        return json.dumps(failure_of(error, evaluation))
    except BaseException as error:
        tidy.restore_builtins()
        return json.dumps(failure_of(error, evaluation))


def _bounded(text):
    if len(text) > LARGEST:
        raise wire.NotPortable(f"the result takes {len(text)} bytes; {LARGEST} is the limit.")
    return text


def check(text):
    """Compiles the code and says what is wrong with it: a problem, or nothing."""
    try:
        compiled(text, ())
        return "null"
    except BaseException as error:
        return json.dumps(problem_of(error))


def settle():
    """Remembers the interpreter as it is, before the first expression."""
    tidy.settle()


def restore():
    """Puts back what an expression has left changed."""
    tidy.restore()
