"""Bring a message to a webhook or a heartbeat address: http(s) only, with time-outs, without telling secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import logging
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from newscrawl import __version__
from newscrawl.clock import CHINA
from newscrawl.crawl.monitoring.verdict import OK

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.crawl.schedule.config import Webhook
    from newscrawl.items import RunRecord

logger = logging.getLogger(__name__)

TIMEOUT = 10.0
TRIES = 2
PAUSE = 1.0
#: So many bytes of an answer are read.
ANSWER = 64 * 1024
#: So many characters of a line, and so many reasons and errors, go into a message.
LINE, LINES = 300, 5


class UndeliveredError(Exception):
    """A message did not arrive; the text names no address."""


@dataclass(slots=True)
class Message:
    """What is told of a run. previous: the verdict told before; since: the moment at which that was told."""

    event: Literal["alert", "all-clear"]
    run: RunRecord
    previous: str
    since: datetime | None = None
    note: str = ""

    def text(self) -> str:
        """Return the message for people."""
        run = self.run
        if self.event == "all-clear":
            was = f"was {self.previous}" + (
                f" since {self.since.astimezone(CHINA):%Y-%m-%d %H:%M}" if self.since else ""
            )
            return f"newscrawl: {run.site} is ok again ({was})"
        lines = [f"newscrawl: {run.site}: {run.verdict}"]
        lines += [_line(reason) for reason in run.reasons[:LINES]]
        lines += [_line(error) for error in run.errors[:2]]
        lines += [f"run {run.id}", *([self.note] if self.note else [])]
        return "\n".join(lines)

    def record(self) -> dict[str, Any]:
        """Return the message for machines."""
        run = self.run
        return {
            "event": self.event,
            "site": run.site,
            "verdict": run.verdict,
            "previous": self.previous,
            "exit_code": run.exit_code,
            "reasons": [_line(reason) for reason in run.reasons[:LINES]],
            "errors": [_line(error) for error in run.errors[:LINES]],
            "run": run.id,
            "started": run.started.isoformat(),
            "finished": run.finished.isoformat() if run.finished else None,
            "host": run.host,
            "text": self.text(),
        }


def _line(text: str) -> str:
    """Return text of the crawl as one harmless line: no control characters, no mark-up of a chat (<at …>)."""
    plain = "".join(c if c.isprintable() else " " for c in text).replace("<", "＜")
    return plain if len(plain) <= LINE else plain[: LINE - 1] + "…"


def send(webhook: Webhook, message: Message) -> bool:
    """Bring a message to a webhook; False, with a line in the log, where it did not arrive."""
    try:
        url, body = request_of(webhook, message, time.time())
        answer = _deliver(url, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), "application/json")
        if webhook.kind != "json":
            _judge(answer)
    except UndeliveredError as error:
        logger.warning("webhook %s (%s): not delivered: %s", webhook.name, _host(webhook.url), error)
        return False
    return True


def ping(url: str, *, failed: bool = False, text: str = "") -> bool:
    """Ping a heartbeat address as healthchecks.io has it: the address for success, with /fail behind its path else."""
    parts = urlsplit(url)
    if failed:
        url = urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
    try:
        _deliver(url, text[:10_000].encode("utf-8", "replace"), "text/plain; charset=utf-8")
    except UndeliveredError as error:
        logger.warning("heartbeat (%s): not delivered: %s", _host(url), error)
        return False
    return True


def request_of(webhook: Webhook, message: Message, moment: float) -> tuple[str, dict[str, Any]]:
    """Return the address and the JSON body that a webhook expects; moment: Unix time for the signature."""
    text, url = message.text(), webhook.url
    if webhook.kind == "json":
        return url, message.record()
    if webhook.kind == "feishu":
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if webhook.secret:  # open.feishu.cn: the key is "timestamp\nsecret", the signed text is empty
            stamp = str(int(moment))
            body |= {"timestamp": stamp, "sign": _sign(f"{stamp}\n{webhook.secret}", "")}
        return url, body
    if webhook.kind == "dingtalk" and webhook.secret:  # open.dingtalk.com: the key is the secret
        stamp = str(int(moment * 1000))
        sign = quote_plus(_sign(webhook.secret, f"{stamp}\n{webhook.secret}"))
        url += f"{'&' if '?' in url else '?'}timestamp={stamp}&sign={sign}"
    return url, {"msgtype": "text", "text": {"content": text}}


def _sign(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _deliver(url: str, body: bytes, content_type: str) -> bytes:
    """Post a body and return the answer's; tries again where waiting may help. Raises UndeliveredError."""
    for left in reversed(range(TRIES)):
        try:
            return _post(url, body, content_type)
        except HTTPError as error:
            error.close()
            why, passing = f"answered {error.code}", error.code >= 500 or error.code == 429
        except (URLError, OSError, http.client.HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            why, passing = _reason(reason), True
        if not (left and passing):
            break
        time.sleep(PAUSE)
    raise UndeliveredError(why)


def _post(url: str, body: bytes, content_type: str) -> bytes:
    headers = {"Content-Type": content_type, "User-Agent": f"newscrawl/{__version__}"}
    request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310  the opener has http and https only
    with _opener().open(request, timeout=TIMEOUT) as answer:
        if not 200 <= answer.status < 300:  # redirects are not followed: a secret must not wander
            raise HTTPError("", answer.status, "", answer.headers, None)
        found: bytes = answer.read(ANSWER)
        return found


def _opener() -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler(context=ssl.create_default_context())):
        opener.add_handler(handler)
    return opener


def _reason(error: object) -> str:
    """Return an error without the address that it may quote."""
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__ if isinstance(error, BaseException) else "no connection"


def _judge(answer: bytes) -> None:
    """Find a refusal in an answer of 200: DingTalk and WeCom say errcode, Feishu code or StatusCode."""
    try:
        found = json.loads(answer)
    except ValueError:
        raise UndeliveredError("the answer is no JSON") from None
    if isinstance(found, dict):
        for key in ("errcode", "code", "StatusCode"):
            if found.get(key) not in (None, OK, "0"):
                what = _line(str(found.get("errmsg") or found.get("msg") or ""))[:80]
                raise UndeliveredError(f"refused with {key} {str(found[key])[:20]}: {what}")


def _host(url: str) -> str:
    """Return the part of an address that may be shown: its path and query are secrets."""
    return urlsplit(url).hostname or "?"
