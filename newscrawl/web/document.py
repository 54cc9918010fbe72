"""The description of the JSON API: OpenAPI 3.1, and the same as a page."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl import __version__

if TYPE_CHECKING:
    from starlette.responses import Response

    from newscrawl.web.visit import Visit


@cache
def _description() -> dict[str, Any]:
    text = (Path(__file__).parent / "data" / "openapi.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    found["info"]["version"] = __version__
    return found


def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return copy.deepcopy(_description())


def openapi(visit: Visit) -> Response:
    """Answer with the OpenAPI document."""
    return visit.json(description())


def document_page(visit: Visit) -> Response:
    """Show the API: every address, its parameters, and what it answers."""
    found = description()
    shared = found["components"]["parameters"]
    operations = []
    for path, item in found["paths"].items():
        operation = item["get"]
        parameters = [shared[entry["$ref"].rpartition("/")[2]] if "$ref" in entry else entry
                      for entry in operation.get("parameters", ())]  # fmt: skip
        answers = operation["responses"]["200"]["content"]["application/json"]["schema"]
        operations.append({"path": path, "operation": operation, "parameters": parameters, "answer": _type(answers)})
    schemas = {
        name: [(field, _type(entry), entry.get("description", "")) for field, entry in schema["properties"].items()]
        for name, schema in found["components"]["schemas"].items()
    }
    return visit.page("api.html", operations=operations, schemas=schemas)


def _type(schema: dict[str, Any]) -> str:
    """Return a schema's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    return f"{kind} ({schema['format']})" if "format" in schema else str(kind)
