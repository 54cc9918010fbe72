"""Selectors in XPath, for layouts: lxml finds what selectolax cannot, on the tree that selectolax parsed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

#: Attribute by which the elements of the two trees know each other; it is taken away again.
_MARK = "data-xpath-number"


def is_xpath(selector: str) -> bool:
    """Tell an XPath from a CSS selector: it begins with a slash, a dot and a slash, or a bracket."""
    return selector.startswith(("/", "./", ".//", "("))


def _etree() -> Any:
    """Import lxml only here: it costs time, and most layouts do without."""
    return import_module("lxml.etree")


class XPathTree:
    """The page a second time, as lxml has it; made when the first XPath is asked for.

    The second tree is parsed from the first one as it stands, so that both have the same elements (tbody among them,
    as in a browser).
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._nodes: list[Any] = []
        self._root: Any = None

    def find(self, selector: str) -> list[Any]:
        """Return the selectolax nodes that an XPath finds: elements, or those that found text or attributes belong to.

        Raises ValueError for a selector that is no XPath, or that gives a number or truth value.
        """
        etree = _etree()
        if self._root is None:
            self._parse(etree)
        try:
            found = self._root.xpath(selector) if self._root is not None else []
        except etree.XPathError as error:
            raise ValueError(str(error)) from error
        if not isinstance(found, list):
            raise ValueError("it finds no elements")  # noqa: TRY004  the selector's value is wrong, not its type
        numbers: dict[int, None] = {}
        for entry in found:
            element: Any = entry if hasattr(entry, "tag") else entry.getparent()
            number = element.get(_MARK) if element is not None else None
            if number is not None:
                numbers[int(number)] = None
        return [self._nodes[number] for number in numbers]

    def _parse(self, etree: Any) -> None:
        root = self._tree.root
        if root is None:
            return
        self._nodes = [node for node in root.traverse() if node.is_element_node]
        for number, node in enumerate(self._nodes):
            node.attrs[_MARK] = str(number)
        source = root.html or ""
        for node in self._nodes:
            del node.attrs[_MARK]
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
        self._root = etree.fromstring(source.encode("utf-8", "replace"), parser)
