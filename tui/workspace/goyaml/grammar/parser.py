"""Tokens -> the root node of the first document, as yaml.v3's parser and composer make it. Without recursion."""

from __future__ import annotations

from typing import Final, cast

from tui.workspace.goyaml.grammar.block import BlockStates
from tui.workspace.goyaml.grammar.common import END, Grammar, fault
from tui.workspace.goyaml.grammar.flow import FlowStates
from tui.workspace.goyaml.nodes import ALIAS, MAPPING, SEQUENCE, GoYamlError, Node
from tui.workspace.goyaml.scan import tokens as t
from tui.workspace.goyaml.scan.cursor import Mark
from tui.workspace.goyaml.scan.tokens import Token

_NO_MARK: Final = Mark(0, 0, 0)
_DEFAULT_TAGS: Final = {"!": "!", "!!": "tag:yaml.org,2002:"}
_NO_CONTENT: Final = frozenset({t.VERSION, t.TAG_DIRECTIVE, t.DOCUMENT_START, t.DOCUMENT_END, t.STREAM_END})


class Parser:
    """Reads one document from bytes."""

    def __init__(self, source: bytes) -> None:
        self._grammar = grammar = Grammar(source)
        block, flow = BlockStates(grammar), FlowStates(grammar)
        grammar.state = self._document_content
        grammar.indentless = block.indentless_entry
        grammar.collections = {
            t.FLOW_SEQUENCE_START: (SEQUENCE, flow.sequence_entry),
            t.FLOW_MAPPING_START: (MAPPING, flow.mapping_key),
            t.BLOCK_SEQUENCE_START: (SEQUENCE, block.sequence_entry),
            t.BLOCK_MAPPING_START: (MAPPING, block.mapping_key),
        }

    def root(self) -> Node | None:
        """The root node of the first document; None where there is none."""
        self._grammar.peek()
        token = self._grammar.advance()
        if token.kind is t.STREAM_END:
            return None
        self._begin_document(token)
        root: list[Node] = []
        open_collections = [root]
        while open_collections:
            node = self._grammar.state()
            if node is END:
                open_collections.pop()
                if len(open_collections) == 1:
                    break
                continue
            self._tie(node)
            open_collections[-1].append(node)
            if node.content is not None:
                open_collections.append(node.content)
            elif len(open_collections) == 1:
                break
        self._end_document()
        return root[0]

    def line_after(self) -> int | None:
        """The 1-based line of what follows the first document, sound or not; None at the end of the file.

        yaml.v3 does not read on; this is for warnings.
        """
        try:
            token = self._grammar.peek()
            while token.kind is t.DOCUMENT_END:
                token = self._grammar.advance()
        except GoYamlError as error:
            return error.line
        return None if token.kind is t.STREAM_END else token.start.line + 1

    def _begin_document(self, token: Token) -> None:
        explicit = token.kind in (t.VERSION, t.TAG_DIRECTIVE, t.DOCUMENT_START)
        token = self._directives(token)
        if explicit:
            if token.kind is not t.DOCUMENT_START:
                raise fault(_NO_MARK, token.start, "did not find expected <document start>")
            self._grammar.drop()
        else:
            self._grammar.state = self._block_node
        self._grammar.states = [self._grammar.nothing]

    def _directives(self, token: Token) -> Token:
        """Take in the directives before a document; the token after them."""
        version_seen = False
        while token.kind in (t.VERSION, t.TAG_DIRECTIVE):
            if token.kind is t.VERSION:
                if version_seen:
                    raise fault(_NO_MARK, token.start, "found duplicate %YAML directive")
                if token.payload != (1, 1):
                    raise fault(_NO_MARK, token.start, "found incompatible YAML document")
                version_seen = True
            else:
                handle, prefix = cast("tuple[str, str]", token.payload)
                if handle in self._grammar.tags:
                    raise fault(_NO_MARK, token.start, "found duplicate %TAG directive")
                self._grammar.tags[handle] = prefix
            token = self._grammar.advance()
        self._grammar.tags = _DEFAULT_TAGS | self._grammar.tags
        return token

    def _end_document(self) -> None:
        if self._grammar.peek().kind is t.DOCUMENT_END:
            self._grammar.drop()

    def _document_content(self) -> Node | None:
        token = self._grammar.peek()
        if token.kind in _NO_CONTENT:
            return self._grammar.empty(token.start, self._grammar.states.pop())
        return self._block_node()

    def _tie(self, node: Node) -> None:
        """Tie an alias to its anchor."""
        if node.kind == ALIAS:
            node.alias = self._grammar.anchors.get(node.value)
            if node.alias is None:
                raise GoYamlError(f"unknown anchor '{node.value}' referenced", node.line, node.column)

    def _block_node(self) -> Node | None:
        return self._grammar.node(block=True)
