"""Which functions of the service change what is stored, found in their source."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import CodeType, ModuleType

import tori

FEATURES = (
    "accounts", "adoptions", "api", "campaigns", "conversation", "curation", "deeds", "digest", "exchange", "follows",
    "media", "moderation", "notifications", "organisations", "search", "statistics", "web", "wishes",
)  # fmt: skip
CHANGING = re.compile(
    r"(record|bump_content_version|transaction|insert|update|delete|(session|rows|writing)\.(add|add_all|delete|merge))"
)
VIEW = re.compile(r"\.(get|post|route|before_request)\(")


def writing_functions(feature: str) -> dict[str, CodeType]:
    """By their whole name: the public functions that record an event or change rows, themselves or by a helper of their
    module. Views hand on to these, and handlers run with whatever records their event, so both are left out."""
    found = {}
    for module in _modules(feature):
        for name in _writing_in(module):
            function = inspect.unwrap(getattr(module, name))
            found[f"{module.__name__}.{name}"] = function.__code__
    return found


def _modules(feature: str) -> Iterator[ModuleType]:
    package = importlib.import_module(f"{tori.__name__}.{feature}")
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not info.name.endswith("views"):
            yield importlib.import_module(info.name)


def _parameters(function: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in function.args.args}


def _writing_in(module: ModuleType) -> list[str]:
    functions = {
        node.name: node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.FunctionDef)
    }
    called = {
        name: {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
        for name, node in functions.items()
    }
    writing = {name for name, calls in called.items() if any(CHANGING.fullmatch(call) for call in calls)}
    while more := {name for name, calls in called.items() if calls & writing} - writing:
        writing |= more
    return [
        name
        for name in functions
        if name in writing
        and not name.startswith("_")
        and "event" not in _parameters(functions[name])
        and not any(VIEW.search(ast.unparse(mark)) for mark in functions[name].decorator_list)
    ]
