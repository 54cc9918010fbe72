"""A stand-in for servers that no test machine has (replica set, mongos): it speaks MongoDB's wire protocol on loopback,
says what it is, agrees to everything, and keeps the commands that it was sent."""

from __future__ import annotations

import socketserver
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import bson

if TYPE_CHECKING:
    from collections.abc import Iterator

_OP_REPLY, _OP_QUERY, _OP_MSG = 1, 2004, 2013
#: What a server says of itself: kinds of deployment.
REPLICA_SET = {"setName": "rs0", "isWritablePrimary": True, "hosts": ["127.0.0.1:27017"], "secondary": False}
SHARDED = {"msg": "isdbgrid", "isWritablePrimary": True}
STANDALONE = {"isWritablePrimary": True}


class Server(socketserver.ThreadingTCPServer):
    """kind: what `hello` answers; refuses: error codes by name of command; commands: what came."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, kind: dict[str, Any], refuses: dict[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.kind, self.refuses = kind, refuses
        self.commands: list[dict[str, Any]] = []

    def sent(self, name: str) -> list[dict[str, Any]]:
        """Return the commands of a name."""
        return [command for command in self.commands if next(iter(command)) == name]

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a command."""
        name = next(iter(command))
        if name in ("hello", "ismaster", "isMaster"):
            limits = {"maxWireVersion": 25, "minWireVersion": 0, "logicalSessionTimeoutMinutes": 30}
            sizes = {"maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000, "maxWriteBatchSize": 100000}
            return {**self.kind, **limits, **sizes, "helloOk": True, "readOnly": False, "ok": 1.0}
        self.commands.append(command)
        if name in self.refuses:
            return {"ok": 0.0, "code": self.refuses[name], "codeName": "No", "errmsg": "not so"}
        if name in ("find", "aggregate"):
            return {"cursor": {"id": bson.Int64(0), "ns": "x.y", "firstBatch": []}, "ok": 1.0}
        if name == "findAndModify":
            return {"value": {"_id": "x", "owner": "me"}, "lastErrorObject": {"n": 1}, "ok": 1.0}
        return {"n": 1, "nModified": 1, "ok": 1.0}


class Connection(socketserver.StreamRequestHandler):
    """Reads one message after another."""

    server: Server

    def handle(self) -> None:
        while head := self.rfile.read(16):
            length, request, _, code = struct.unpack("<iiii", head)
            body = self.rfile.read(length - 16)
            if code == _OP_QUERY:
                start = body.index(b"\0", 4) + 9
                answer = bson.encode(self.server.answer(bson.decode(body[start:])))
                reply = struct.pack("<iqii", 8, 0, 0, 1) + answer
                self.send(_OP_REPLY, request, reply)
            else:
                answer = bson.encode(self.server.answer(read_message(body)))
                self.send(_OP_MSG, request, struct.pack("<iB", 0, 0) + answer)

    def send(self, code: int, request: int, body: bytes) -> None:
        self.wfile.write(struct.pack("<iiii", 16 + len(body), 1, request, code) + body)


def read_message(body: bytes) -> dict[str, Any]:
    """Read the command of an OP_MSG, with its document sequences."""
    place, command = 4, dict[str, Any]()
    sequences: dict[str, Any] = {}
    while place < len(body):
        kind, place = body[place], place + 1
        (size,) = struct.unpack_from("<i", body, place)
        if kind == 0:
            command = bson.decode(body[place : place + size])
        else:
            end = body.index(b"\0", place + 4)
            sequences[body[place + 4 : end].decode()] = bson.decode_all(body[end + 1 : place + size])
        place += size
    return {**command, **sequences}


@contextmanager
def wire_server(kind: dict[str, Any], **refuses: int) -> Iterator[tuple[Server, str]]:
    """Run a server; gives it and its address."""
    with Server(kind, refuses) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server, f"mongodb://127.0.0.1:{server.server_address[1]}/corpus?directConnection=true"
        finally:
            server.shutdown()
            thread.join(10)
