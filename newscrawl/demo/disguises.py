"""What the faults make of an answer: error pages, redirects, broken bytes, script pages, slow and cut deliveries."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from newscrawl.demo.faults import PRIVATE_TARGETS
from newscrawl.demo.http import Resource
from newscrawl.demo.server import Delivery
from newscrawl.demo.site import pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.demo.faults import Fault
    from newscrawl.demo.http import Request
    from newscrawl.demo.site import Site

MEGABYTE = 1024 * 1024
_DECLARED = re.compile(rb"charset=([\w-]+)")
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
_DESCRIPTION = re.compile(r'<meta name="description"[^>]*>')
_UPDATE = frozenset({"changed", "emptied"})
_WIRE = frozenset({"slow", "trickle", "cut", "reset", "hang", "chunked"})


def answer(request: Request, faults: Sequence[Fault], site: Site) -> tuple[Resource, Delivery]:
    """Return what a request gets under the faults it meets: first what, then how it is delivered."""
    kinds = {fault.kind: fault for fault in faults}
    update = next((fault for fault in faults if fault.kind in _UPDATE), None)
    variant = update.kind if update else ""
    resource = site.get(request.target, variant, update.text if update else "")  # type: ignore[arg-type]
    if "endless" in kinds:
        resource = endless_list(request, kinds["endless"], site, resource) or resource
    resource = resource or missing()
    for fault in faults:
        if fault.kind not in _WIRE and fault.kind not in _UPDATE:
            resource = disguise(request, fault, resource)
    delivery = Delivery(fault="+".join(kinds))
    for fault in faults:
        if fault.kind in _WIRE:
            delivery = deliver(fault, delivery, resource)
    return resource, delivery


def missing() -> Resource:
    """The portal's 404 page."""
    return error_page(404)


@cache
def error_page(status: int) -> Resource:
    """An error page as nginx sends it."""
    text = (
        f"<html>\n<head><title>{status}</title></head>\n<body>\n<center><h1>{status}</h1></center>\n"
        "<hr><center>nginx</center>\n</body>\n</html>\n"
    )
    return Resource(text.encode(), "text/html", status)


def deliver(fault: Fault, delivery: Delivery, resource: Resource) -> Delivery:
    """Add one fault of the wire to the way an answer is delivered."""
    if fault.kind == "slow":
        return replace(delivery, delay=delivery.delay + fault.delay)
    if fault.kind == "trickle":
        return replace(delivery, chunk=fault.size or 1, interval=fault.delay)
    if fault.kind == "cut":
        return replace(delivery, cut_after=fault.size or len(resource.gzipped) // 2)
    if fault.kind == "chunked":
        return replace(delivery, chunked=True, chunk=fault.size or 1000)
    return replace(delivery, hang=fault.kind == "hang", reset=fault.kind == "reset")


def disguise(request: Request, fault: Fault, resource: Resource) -> Resource:
    """Apply one fault to what is answered."""
    match fault.kind:
        case "status" | "vanished":
            status = 404 if fault.kind == "vanished" else fault.status
            headers = (("Retry-After", fault.retry_after),) if fault.retry_after else ()
            return replace(error_page(status), headers=headers)
        case "redirect" | "redirect-loop" | "redirect-chain" | "redirect-home" | "redirect-private":
            return redirect(request, fault, resource)
        case "charset-wrong" | "charset-broken":
            return mangle(fault, resource)
        case "no-validators":
            return replace(resource, modified=None, _etag="")
        case "bomb":
            return bomb(fault.size or 300 * MEGABYTE)
        case "empty":
            return Resource(b"", "text/html", modified=resource.modified)
        case "non-html":
            return pdf(resource.modified)
        case "huge":
            return huge(resource, fault.size or 5 * MEGABYTE)
        case "js-only":
            return script_page(resource)
        case "js-cookie":
            return cookie_challenge(request, fault, resource)
        case "meta-refresh":
            return meta_refresh(request, resource)
        case _:
            return resource


def redirect(request: Request, fault: Fault, resource: Resource) -> Resource:
    """Redirect as the fault says; a chain ends at the page itself."""
    sent = request.query.get("hop", "0")
    hop = int(sent) if sent.isdecimal() and len(sent) < 9 else 0
    match fault.kind:
        case "redirect":
            location = fault.location
        case "redirect-home":
            location = "/"
        case "redirect-private":
            port = request.headers.get("host", "").rpartition(":")[2]
            location = fault.location or PRIVATE_TARGETS[(fault.seen - 1) % len(PRIVATE_TARGETS)]
            location = location.replace("{port}", port if port.isdecimal() else "80")
        case "redirect-chain" if hop >= fault.hops:
            return resource
        case _:
            location = f"{request.path}?hop={hop + 1}"
    status = fault.status if fault.status in {301, 302, 303, 307, 308} else 302
    return Resource(b"", "text/html", status, headers=(("Location", location),))


def mangle(fault: Fault, resource: Resource) -> Resource:
    """Declare another charset than the bytes have, or damage bytes in the middle of characters."""
    declared = _DECLARED.search(resource.body)
    if fault.kind == "charset-wrong":
        wrong = b"gb2312" if declared is None or declared[1].lower() == b"utf-8" else b"utf-8"
        body = _DECLARED.sub(b"charset=" + wrong, resource.body, count=1)
        kind = f"text/html; charset={wrong.decode()}"
        return replace(resource, body=body, content_type=kind, _etag="", _gzipped=b"")
    broken = bytearray(resource.body)
    for place in range(len(broken) // 2, len(broken) - 16, 997):
        broken[place : place + 2] = b"\xff\x80"
    return replace(resource, body=bytes(broken), _etag="", _gzipped=b"")


@cache
def bomb(size: int) -> Resource:
    """A gzip body that is small on the wire and `size` bytes long after decompression (rounded up to whole MB).

    One megabyte is compressed once with a full flush; its deflate blocks may then be repeated as they are.
    """
    filler = b"<p>" + b" " * (MEGABYTE - 3)
    count = -(-size // MEGABYTE)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(filler) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush(zlib.Z_FINISH)
    check = 0
    for _ in range(count):
        check = zlib.crc32(filler, check)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    tail = check.to_bytes(4, "little") + (count * MEGABYTE % 2**32).to_bytes(4, "little")
    return Resource(head + block * count + end + tail, "text/html", encoded="gzip", compressible=False)


def huge(resource: Resource, size: int) -> Resource:
    """The page blown up to `size` bytes, or a little more, by comments and scripts before its end."""
    filler = b"<!-- cache miss -->\n<script>var pad='0123456789012345678901234567890123456789';</script>\n"
    padding = filler * (max(0, size - len(resource.body)) // len(filler) + 1)
    head, mark, tail = resource.body.rpartition(b"</body>")
    return replace(resource, body=head + padding + mark + tail, _etag="", _gzipped=b"")


def text_of(resource: Resource) -> tuple[str, str]:
    """The page's text and the codec of its bytes."""
    declared = _DECLARED.search(resource.body)
    codec = "utf-8" if declared is None or declared[1].lower() == b"utf-8" else "gb18030"
    return resource.body.decode(codec, "replace"), codec


def script_page(resource: Resource) -> Resource:
    """The page as a shell: its content stands, escaped, in a script that puts it in."""
    html, codec = text_of(resource)
    html = _DESCRIPTION.sub("", html)
    body = _BODY.search(html)
    content = json.dumps(body[1] if body else html).replace("</", "<\\/")
    shell = (
        '<div id="app"></div>\n<noscript>请启用JavaScript后浏览本页。</noscript>\n'
        f'<script>document.getElementById("app").innerHTML = {content};</script>\n'
    )
    page = html[: body.start(1)] + shell + html[body.end(1) :] if body else shell
    return replace(resource, body=page.encode(codec, "xmlcharrefreplace"), _etag="", _gzipped=b"")


def cookie_challenge(request: Request, fault: Fault, resource: Resource) -> Resource:
    """Ask for a cookie that a script sets before it reloads; with text="computed" its value has to be worked out."""
    clearance = "8f41c07e29"
    if request.cookies.get("__demo_clearance") == clearance:
        return resource
    value = f'"{clearance}"'
    if fault.text == "computed":
        codes = ",".join(str(ord(char) ^ 21) for char in clearance)
        value = f"[{codes}].map(function(c){{return String.fromCharCode(c^21);}}).join('')"
    script = f'document.cookie="__demo_clearance="+{value}+";path=/;max-age=3600";location.reload();'
    html = f"<html><head><meta charset='utf-8'><script>{script}</script></head><body></body></html>"
    return Resource(html.encode(), "text/html; charset=utf-8", headers=(("Cache-Control", "no-store"),))


def meta_refresh(request: Request, resource: Resource) -> Resource:
    """A page that refreshes to the same address with a query; that one gets the real page."""
    if request.query.get("refreshed"):
        return resource
    target = f"{request.path}?refreshed=1"
    refresh = f'<meta http-equiv="refresh" content="0; url={target}">'
    html = f'<html><head><meta charset="utf-8">{refresh}<title>跳转中</title></head><body></body></html>'
    return Resource(html.encode(), "text/html; charset=utf-8")


def endless_list(request: Request, fault: Fault, site: Site, real: Resource | None) -> Resource | None:
    """Give every list page a next page; beyond the last real one stand the first page's links, or invented ones.

    real: what stands at the address. Returns None for what is no list page.
    """
    address = re.fullmatch(r"(/.+?/)(?:index(?:_(\d{1,9}))?\.html)?", request.path)
    first = site.get(address[1]) if address else None
    if address is None or first is None:
        return None
    page = int(address[2] or 1)
    html, codec = text_of(real or first)
    if real is not None and "下一页" in html:
        return real
    if real is None and fault.text == "fresh":
        shift = 10_000_000 + page * 1000
        html = re.sub(r"/(\d{4}-\d\d-\d\d)/(\d+)\.html", lambda m: f"/{m[1]}/{shift + int(m[2]) % 1000}.html", html)
    pager = f'<div class="list_page"><b>{page}</b>&nbsp;<a href="{address[1]}index_{page + 1}.html">下一页</a></div>'
    html = re.sub(r'<div class="list_page">.*?</div>', pager, html, flags=re.DOTALL)
    return replace(first, body=html.encode(codec, "xmlcharrefreplace"), _etag="", _gzipped=b"")
