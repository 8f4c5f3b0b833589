"""Code of administrators, compiled: the body of a function whose parameters are the variables."""

import ast
from textwrap import dedent

FILE = "<expression>"
KEPT = 512

_compiled = {}


def compiled(code, names):
    """The code object of the function, and whether it can leave traces. The latest programs are remembered."""
    key = (code, names)
    found = _compiled.get(key)
    if found is None:
        found = _compile(code, names)
        if len(_compiled) >= KEPT:
            del _compiled[next(iter(_compiled))]
        _compiled[key] = found
    return found


def _compile(code, names):
    tree = _parse(code)
    traces = any(_leaves_traces(node) for node in ast.walk(tree))
    body = tree.body or [ast.Pass()]
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg(arg=name) for name in names], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    function = ast.FunctionDef(name="expression", args=arguments, body=body, decorator_list=[], type_params=[])
    module = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
    scope = {}
    exec(compile(module, FILE, "exec", dont_inherit=True), scope)
    return scope["expression"].__code__, traces


_REACHING = frozenset("getattr setattr delattr vars globals locals eval exec compile open type super breakpoint object".split())


def _leaves_traces(node):
    """Whether the node could reach a module: by import, by a name with two underscores, or through a function that looks inside things."""
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Name(id=name):
            return name in _REACHING or "__" in name
        case ast.Attribute(attr=name):
            return "__" in name
        case ast.Constant(value=str() as text):
            return "__" in text
    return False


def _parse(code):
    try:
        return ast.parse(code, FILE)
    except IndentationError:
        # A whole block that stands indented is a body all the same.
        plain = dedent(code)
        if plain == code:
            raise
        return ast.parse(plain, FILE)


def problem_of(error):
    """Line and column, from 1, and message of what the compiler says."""
    line = getattr(error, "lineno", None) or 1
    column = getattr(error, "offset", None) or 1
    return {"line": line, "column": column, "message": getattr(error, "msg", None) or _plain(error)}


def _plain(error):
    if isinstance(error, (RecursionError, MemoryError)):
        return "the code is nested too deeply"
    return str(error) or type(error).__name__
