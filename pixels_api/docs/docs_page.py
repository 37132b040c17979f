"""An OpenAPI description as one HTML page: no script, nothing loaded from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final

Plain = dict[str, Any]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #2450a4; }
@media (prefers-color-scheme: dark) { :root { --accent: #94b3ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; } a { color: var(--accent); }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; background: var(--soft); border-radius: .5rem; }
details { margin: .5rem 0; border: 1px solid var(--line); border-radius: .5rem; padding: 0 .75rem; }
details[open] { padding-bottom: .5rem; }
summary { cursor: pointer; padding: .6rem 0; } summary code { font-weight: 600; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700; color: var(--accent); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""


def render_docs(schema: Plain) -> str:
    """Return the page for an OpenAPI 3.1 description as plain values."""
    info = schema["info"]
    body = "\n".join(_body(schema))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])} API</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>\n'
        f"<body><main><h1>{escape(info['title'])} API</h1>\n<p>{escape(info.get('description', ''))}</p>\n"
        f'<p>For programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI {escape(schema["openapi"])}).</p>\n'
        f"{body}\n</main></body></html>\n"
    )


def _body(schema: Plain) -> Iterator[str]:
    server = "https://your.server"
    for tag in schema.get("tags", []):
        yield f"<h2>{escape(tag['name'])}</h2><p>{escape(tag.get('description', ''))}</p>"
        for path, item in schema["paths"].items():
            for method, operation in item.items():
                if tag["name"] in operation.get("tags", []):
                    yield _operation(server, path, method, operation)
    yield "<h2>Schemas</h2>"
    for name, part in sorted(schema.get("components", {}).get("schemas", {}).items()):
        description = escape(part.get("description", ""))
        yield f'<section id="{escape(name)}"><h3>{escape(name)}</h3><p>{description}</p>{_fields(part)}</section>'


def _operation(server: str, path: str, method: str, operation: Plain) -> str:
    parts = [f"<p>{escape(operation.get('description', ''))}</p>"]
    if operation.get("parameters"):
        rows = [
            (f"<code>{escape(one['name'])}</code>", escape(one["in"]), _kind(one["schema"]), _about(one))
            for one in operation["parameters"]
        ]
        parts.append(_table(("Parameter", "In", "Type", "Meaning"), rows))
    has_body = "requestBody" in operation
    if has_body:
        parts.append(f"<p>Body: {_contents(operation['requestBody'])}</p>")
    rows = [
        (f"<code>{escape(status)}</code>", _contents(answer), escape(answer.get("description", "")), _codes(answer))
        for status, answer in operation["responses"].items()
    ]
    parts.append(_table(("Status", "Body", "Meaning", "Reason codes"), rows))
    call = f"curl{'' if method == 'get' else f' -X {method.upper()}'} '{server}{path}'"
    if has_body:
        call += " -H 'Content-Type: application/json' -d '{…}'"
    parts.append(f"<pre>{escape(call)}</pre>")
    title = f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code> {escape(operation["summary"])}'
    identifier = escape(operation["operationId"])
    return f'<details id="{identifier}"><summary>{title}</summary>{"".join(parts)}</details>'


def _fields(part: Plain) -> str:
    if "properties" not in part:
        return f"<p>{_kind(part)}</p>"
    required = set(part.get("required", []))
    rows = [
        (f"<code>{escape(name)}</code>", _kind(field), "" if name in required else "optional")
        for name, field in part["properties"].items()
    ]
    return _table(("Field", "Type", ""), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table; the cells are HTML already."""
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table></div>'


def _contents(message: Plain) -> str:
    found = [
        f"{_kind(content.get('schema', {}))} <code>{escape(media_type)}</code>"
        for media_type, content in message.get("content", {}).items()
    ]
    return ", ".join(found) or "none"


def _codes(answer: Plain) -> str:
    examples = (name for content in answer.get("content", {}).values() for name in content.get("examples", {}))
    return ", ".join(f"<code>{escape(name)}</code>" for name in examples)


def _about(parameter: Plain) -> str:
    text = escape(parameter.get("description", ""))
    default = parameter["schema"].get("default")
    return text if default is None else f"{text} Default: <code>{escape(json.dumps(default))}</code>."


def _kind(part: Plain) -> str:
    """Return a schema's type in a few words; a named one is a link."""
    if "$ref" in part:
        name = escape(part["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "oneOf" in part:
        return " or ".join(map(_kind, part["oneOf"]))
    if "enum" in part:
        return ", ".join(f"<code>{escape(json.dumps(value))}</code>" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {_kind(part.get('items', {}))}"
    kind = part.get("type", "anything")
    return escape(" or ".join(kind) if isinstance(kind, list) else str(kind))
