"""One evaluation: variables in, the returned value, messages and changes out."""

import sys
from types import FunctionType, GeneratorType

from . import functions, host, tidy, wire
from .program import FILE, compiled, problem_of
from .records import Plan, Record, Request

MESSAGES, LINES, LENGTH = 50, 200, 2_000
_MISSING = object()


class PolicyResult(Record):
    """What another policy says. It is as true as it passes."""

    kind = "policy_result"

    def __init__(self, passing, messages):
        super().__init__({"passing": passing, "messages": tuple(messages), "raw_result": passing})

    def __bool__(self):
        return self.passing

    def __repr__(self):
        return f"<PolicyResult passing={self.passing}>"


class Log:
    """The logger of one evaluation, and where `print` goes."""

    def __init__(self, lines, facts=None):
        self._lines, self._facts = lines, facts or {}

    def bind(self, **facts):
        return Log(self._lines, {**self._facts, **facts})

    def _write(self, level, message, facts):
        if len(self._lines) < LINES:
            merged = {key: str(value)[:LENGTH] for key, value in {**self._facts, **facts}.items()}
            self._lines.append({"level": level, "message": str(message)[:LENGTH], "facts": merged})

    def debug(self, message="", *args, **facts):
        self._write("debug", message % args if args else message, facts)

    def info(self, message="", *args, **facts):
        self._write("info", message % args if args else message, facts)

    def warning(self, message="", *args, **facts):
        self._write("warning", message % args if args else message, facts)

    def error(self, message="", *args, **facts):
        self._write("error", message % args if args else message, facts)

    warn, exception, critical = warning, error, error


class Printed:
    """Standard output and error of an evaluation: lines of its log."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, lines):
        self._log = Log(lines)

    def write(self, text):
        for line in str(text)[: LENGTH * 4].splitlines():
            if line.strip():
                self._log.info(line)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False


class Evaluation:
    def __init__(self, given):
        self.kind, self.code, self.name = given["kind"], given["code"], given["name"]
        self.functions = frozenset(given["functions"])
        self.variables = given["variables"]
        self.messages, self.lines = [], []
        self.request = self.variables.get("request")
        if not isinstance(self.request, Request):
            self.request = None
        self.context = self.request.get("context") if self.request is not None else None
        if self.kind == "policy":
            self._add_policy_names()
        self.before = self._snapshot()

    def _add_policy_names(self):
        request = self.request
        if request is None:
            return
        self.variables["context"] = self.context
        self.variables.setdefault("ak_is_sso_flow", bool(self.context.get("is_sso", False)))
        http = request.get("http_request")
        if http is not None:
            self.variables["http_request"] = http
            self.variables["ak_client_ip"] = functions.ip_address(http.META["REMOTE_ADDR"])

    def names(self):
        """What the code finds as globals: fresh for every evaluation."""
        own = {
            "ak_logger": Log(self.lines),
            "ak_call_policy": self.call_policy,
            "ak_create_event": self.create_event,
            "requests": functions.Requests(),
        }
        if self.kind == "policy":
            own["ak_message"] = self.message
        return {"__name__": "expression", "__builtins__": __builtins__, **functions.TEMPLATE, **own}

    def message(self, text):
        if len(self.messages) < MESSAGES:
            self.messages.append(str(text)[:LENGTH])

    def create_event(self, action, **facts):
        kept = functions.clean({**self.variables, **facts, "request": None})
        kept = {key: value for key, value in kept.items() if value is not None}
        host.call("ak_create_event", {"action": f"custom_{action}", "context": kept})

    def call_policy(self, name, **facts):
        context = {} if self.context is None else self.context
        context.update(facts)
        answer = host.call("ak_call_policy", {"name": name, "context": context})
        self._apply(context, answer.get("changes") or {})
        return PolicyResult(bool(answer["passing"]), answer.get("messages") or ())

    def _apply(self, context, changes):
        _change(context, changes.get("context"))
        plan = context.get("flow_plan")
        if isinstance(plan, Plan):
            _change(plan.context, changes.get("plan"))
            if changes.get("redirect"):
                plan.redirect(changes["redirect"])

    def _parts(self):
        if self.kind != "policy" or not isinstance(self.context, dict):
            return {}, {}
        plan = self.context.get("flow_plan")
        rest = {key: value for key, value in self.context.items() if key != "flow_plan"}
        return rest, plan.context if isinstance(plan, Plan) else {}

    def _snapshot(self):
        return tuple({key: wire.encode(value) for key, value in part.items()} for part in self._parts())

    def changes(self):
        now = self._parts()
        context, plan = (_difference(before, after) for before, after in zip(self.before, now))
        own = self.context.get("flow_plan") if isinstance(self.context, dict) else None
        return {"context": context, "plan": plan, "redirect": own.get("_redirect") if isinstance(own, Plan) else None}

    def run(self):
        program, leaves_traces = compiled(self.code, tuple(self.variables))
        if leaves_traces:
            tidy.expect_traces()
        offered = host.offer(self.functions)
        streams = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = Printed(self.lines)
        try:
            value = FunctionType(program, self.names())(**self.variables)
            tidy.restore_builtins()
            truthy = bool(value)
            if isinstance(value, GeneratorType):
                value = list(value)
            tidy.restore_builtins()
            return {"value": self._leaving(value), "truthy": truthy, "changes": self.changes(), **self.said()}
        finally:
            tidy.restore_builtins()
            sys.stdout, sys.stderr = streams
            host.offer(offered)

    def _leaving(self, value):
        try:
            return wire.portable(value)
        except wire.NotPortable:
            # Of what a policy returns only its truth counts.
            if self.kind != "policy":
                raise
            return repr(value)[:LENGTH]

    def said(self):
        return {"messages": self.messages, "logs": self.lines}


def _change(target, changes):
    for key, value in (changes or {}).get("set", {}).items():
        target[key] = value
    for key in (changes or {}).get("removed", ()):
        target.pop(key, None)


def _difference(before, after):
    changed = {}
    for key, value in after.items():
        if not isinstance(key, str):
            raise wire.NotPortable("the context takes text as keys only.")
        try:
            if before.get(key) != wire.encode(value):
                changed[key] = value
        except wire.NotPortable as error:
            raise wire.NotPortable(f"context[{key!r}]: {error}") from None
    return {"set": wire.portable(changed), "removed": [key for key in before if key not in after]}


def failure_of(error, evaluation):
    """What went wrong, and on which line."""
    lines = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            lines.append((trace.tb_lineno, trace.tb_frame.f_code.co_name))
        trace = trace.tb_next
    text = f"{type(error).__name__}: {_text(error)}".rstrip(": ")[:LENGTH]
    said = evaluation.said() if evaluation is not None else {}
    line = lines[-1][0] if lines else None
    traceback = _traceback(lines[-20:], text, evaluation)
    return {"failure": _kind(error), "message": text, "line": line, "traceback": traceback, **said}


def _text(error):
    try:
        return str(error)
    except BaseException:
        return ""


def _kind(error):
    if isinstance(error, KeyboardInterrupt):
        return "time"
    if isinstance(error, MemoryError):
        return "memory"
    return "result" if isinstance(error, wire.NotPortable) else "raised"


def _traceback(lines, text, evaluation):
    source = evaluation.code.splitlines() if evaluation is not None else []
    name = evaluation.name if evaluation is not None else ""
    shown = ["Traceback (most recent call last):"]
    for line, function in lines:
        shown.append(f'  File "{name}", line {line}, in {function}')
        if 0 < line <= len(source):
            shown.append(f"    {source[line - 1].strip()[:200]}")
    return "\n".join([*shown, text])
