"""
Puts back, after each evaluation, what an expression may have left behind in the interpreter: attributes of modules and builtins, modules it
imported, streams, hooks, limits. It keeps honest code from stumbling over other code of the same tenant. It is no fence: between tenants the
process is.
"""

import builtins
import gc
import os
import random
import signal
import sys
import time
import warnings
from types import ModuleType

PRELOADED = (
    "base64 calendar collections copy dataclasses datetime decimal enum fnmatch fractions functools hashlib heapq hmac html ipaddress "
    "itertools json math operator random re secrets statistics string textwrap time types typing unicodedata urllib.parse uuid zoneinfo"
).split()

_modules = {}
_contents = []
_builtins = builtins.__dict__
_saved_builtins = dict(_builtins)
_environment = {}
_is_touched = False
_recursion = 0


def _sleep(seconds):
    """Waits where the clock of the expression can interrupt it; the original cannot be interrupted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def preload():
    """Imports what expressions like to import, so that it is there, and remembered, before the first of them."""
    for name in PRELOADED:
        __import__(name)
    warnings.simplefilter("ignore")
    time.sleep = _sleep


def settle():
    """Remembers the modules, their contents and the limits."""
    global _recursion
    # A snapshot holds the state of the generator: without this every interpreter would draw the same numbers.
    random.seed()
    _recursion = sys.getrecursionlimit()
    _environment.update(os.environ)
    _modules.update(sys.modules)
    own = sys.modules[__name__].__dict__
    for name, module in _modules.items():
        # `host` keeps what is offered now; this module keeps the memory itself.
        if isinstance(module, ModuleType) and name != "postern.host" and module.__dict__ is not own:
            _contents.append((module.__dict__, dict(module.__dict__)))


def restore_builtins():
    """Puts back the builtins first: everything else needs them, so this needs none."""
    if _builtins != _saved_builtins:
        _builtins.clear()
        _builtins.update(_saved_builtins)


def expect_traces():
    """Says that a program runs which may reach modules."""
    global _is_touched
    _is_touched = True


def restore():
    """Puts back what differs. After programs that cannot reach a module there is nothing to do."""
    global _is_touched
    if not _is_touched:
        return
    _is_touched = False
    restore_builtins()
    if sys.modules != _modules:
        for name in [name for name in sys.modules if name not in _modules]:
            del sys.modules[name]
        sys.modules.update(_modules)
    for contents, saved in _contents:
        if contents != saved:
            contents.clear()
            contents.update(saved)
    if sys.getrecursionlimit() != _recursion:
        sys.setrecursionlimit(_recursion)
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.environ != _environment:
        os.environ.clear()
        os.environ.update(_environment)
    if gc.callbacks:
        gc.callbacks.clear()
    gc.enable()
    sys.settrace(None)
    sys.setprofile(None)
