"""What is settled when a template is compiled, so that no rendering has to do it again.

A page holds some sixty texts and icons, and a dozen partials. Each language has templates of its own, so
its texts and icons become a part of them; a partial named in a page is put in its place; our own functions
are called without the detour that Jinja makes for functions which ask for its context.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, __version__, nodes
from jinja2.bccache import Bucket
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape


class CompilingEnvironment(Environment):
    """Jinja's environment, with a look at each template between its parsing and its compilation.

    Args:
        translate: a text in the environment's language.
        functions: our own, by the names under which templates call them. They ask nothing of the context.
        constant: those whose result for a constant is for ever the same.
    """

    def __init__(
        self,
        translate: Callable[[str], str],
        functions: dict[str, Callable[..., Any]],
        constant: frozenset[str],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.translate, self.functions, self.constant = translate, functions, constant
        self.globals.update(functions)
        self.filters.update(functions, said=said)

    def _generate(self, source: nodes.Template, *arguments: Any, **options: Any) -> str:
        """Jinja's hook: the parsed template becomes Python."""
        return super()._generate(_Settle(self).visit(source), *arguments, **options)

    def make_globals(self, d: Any) -> dict[str, Any]:
        """Each template's globals as one dict: a chain of two is slow to copy, and ours do not change."""
        return {**self.globals, **(d or {})}

    def parsed(self, name: str) -> nodes.Template:
        """A template as parsed, nothing settled in it."""
        assert self.loader is not None
        source, filename, _is_current = self.loader.get_source(self, name)
        return self._parse(source, name, filename)


class KeptTemplates(FileSystemBytecodeCache):
    """Compiled templates of a language, kept beside their sources as Python keeps modules.

    Args:
        folder: of the templates; where nobody may write there, each start compiles anew.
        locale: the language.
        edition: what changes when any template, text or icon does: one holds parts of others.
    """

    def __init__(self, folder: Path, locale: str, edition: str) -> None:
        super().__init__(str(folder / "__pycache__"), f"{locale}-%s.jinja")
        self.edition = edition

    def get_source_checksum(self, source: str) -> str:
        """Jinja's hook: what is kept serves as long as this is the same."""
        return f"{self.edition} {__version__}"

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja's hook: keep one."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                os.makedirs(self.directory, exist_ok=True)
                super().dump_bytecode(bucket)


class _Settle(NodeTransformer):
    """Replaces what is known by what it comes to."""

    def __init__(self, environment: CompilingEnvironment) -> None:
        self.environment = environment

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 - Jinja's name
        """A partial stands in the page as if it had been written there."""
        if not isinstance(node.template, nodes.Const):
            return node
        partial: nodes.Template = self.visit(self.environment.parsed(node.template.value))
        return nodes.Scope(partial.body, lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        """A text, an icon, or one of our functions."""
        self.generic_visit(node)
        name, first = _name_of(node), node.args[0] if node.args else None
        if name == "_" and isinstance(first, nodes.Const):
            return self._text(first.value, node)
        if name in self.environment.constant and isinstance(first, nodes.Const):
            return nodes.Const(self.environment.functions[name](first.value), lineno=node.lineno)
        if name in self.environment.functions and node.args:
            return nodes.Filter(
                node.args[0], name, node.args[1:], node.kwargs, None, None, lineno=node.lineno
            )
        return node

    def _text(self, message: str, node: nodes.Call) -> nodes.Node:
        text = self.environment.translate(message)
        if not node.kwargs:
            return nodes.Const(escape(text % {}), lineno=node.lineno)
        return nodes.Filter(nodes.Const(text), "said", [], node.kwargs, None, None, lineno=node.lineno)


def _name_of(node: nodes.Call) -> str:
    plain = node.dyn_args is None and node.dyn_kwargs is None
    return node.node.name if plain and isinstance(node.node, nodes.Name) else ""


def said(text: str, **values: Any) -> Markup:
    """A text of the catalogue with values in it: the text is ours, the values are escaped."""
    return Markup(text % {name: escape(value) for name, value in values.items()})  # noqa: S704 - escaped
