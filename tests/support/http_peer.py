#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A web server on loopback for one test: http_peer.py MODE DIRECTORY ADDRESS CERT KEY

Prints its port on the first line and serves until it is killed; over TLS if CERT is not empty.
Each request is written as DIRECTORY/N.json before it is answered. In the mode "answers" the
answer stands in DIRECTORY/answer.json: status, headers, body; with "echo" everything that was
asked comes back in every part of it. The other modes misbehave; one that speaks for ever leaves
in DIRECTORY/written how many bytes it got rid of. "old-tls" answers over TLS 1.0 and 1.1 alone.
"""
import asyncio
import json
import logging
import os
import socket
import ssl
import struct
import sys
import warnings

MODE, DIRECTORY, ADDRESS, CERT, KEY = sys.argv[1:6]
OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {  # what is said first, what is said for ever, and the seconds between
    "endless-headers": (OK, b"X-Header: value\r\n" * 1000, 0),
    "endless-header-line": (OK + b"X-Header: ", b"x" * 65536, 0),
    "endless-interim": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 0),
    "endless-body": (OK + b"Content-Length: 104857600\r\n\r\n", b"x" * 65536, 0),
    "endless-chunks": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n",
        b"1000\r\n" + b"x" * 4096 + b"\r\n",
        0,
    ),
    "drip": (OK + b"Content-Length: 1000\r\n\r\n", b"x", 0.05),
}
SHORT = {
    "cut": OK + b"Content-Length: 1000\r\n\r\n{",
    "reset": OK + b"Content-Length: 1000\r\n\r\n{",
    "garbage": bytes(range(256)) * 8 + b"\r\n\r\n",
    "other-protocol": b"220 mail.example.org ESMTP\r\n",
}
count = 0


async def read_request(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = [[name, value.strip()] for name, value in (line.split(":", 1) for line in lines)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    body = (await reader.readexactly(length)).decode("utf-8", "surrogateescape")
    return {"method": method, "target": target, "headers": headers, "body": body}


def record(request):
    global count
    count += 1
    partial = os.path.join(DIRECTORY, ".partial")
    with open(partial, "w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump(request, file)
    os.rename(partial, os.path.join(DIRECTORY, "%d.json" % count))


def answer_to(request):
    with open(os.path.join(DIRECTORY, "answer.json"), encoding="utf-8") as file:
        answer = json.load(file)
    reason, headers, body = "Whatever", answer["headers"], answer["body"]
    if answer["echo"]:
        # A gateway that repeats what it was told, wherever it can say anything.
        reason = told = json.dumps(request)
        headers = headers + [["X-Told", told], ["Set-Cookie", "a=" + told], ["Location", told]]
        body = body.replace("TOLD", told.replace("\\", "").replace('"', "'"))
    lines = ["HTTP/1.1 %d %s" % (answer["status"], reason)]
    lines += ["%s: %s" % (name, value) for name, value in headers]
    lines += ["Content-Length: %d" % len(body.encode()), "Connection: close", "", body]
    return "\r\n".join(lines).encode()


async def flood(writer, first, for_ever, pause):
    # Of what is on its way, no more than can be told from a client that reads on.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    written = 0
    try:
        writer.write(first)
        while not writer.is_closing():
            writer.write(for_ever)
            await writer.drain()
            written += len(for_ever)
            await asyncio.sleep(pause)
    finally:
        partial = os.path.join(DIRECTORY, ".written")
        with open(partial, "w", encoding="ascii") as file:
            print(written, file=file)
        os.rename(partial, os.path.join(DIRECTORY, "written"))


async def misbehave(reader, writer):
    if MODE in ENDLESS:
        await flood(writer, *ENDLESS[MODE])
    if MODE in SHORT:
        writer.write(SHORT[MODE])
        await writer.drain()
    if MODE == "reset":
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    if MODE == "mute":
        await reader.read()  # listens until the other side gives up


async def serve(reader, writer):
    try:
        request = await read_request(reader)
        record(request)
        if MODE in ("answers", "old-tls"):
            writer.write(answer_to(request))
            await writer.drain()
        else:
            await misbehave(reader, writer)
    except (OSError, asyncio.IncompleteReadError):
        pass  # the other side has had enough
    finally:
        writer.close()


def tls():
    if not CERT:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERT, KEY)
    if MODE == "old-tls":
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


async def main():
    server = await asyncio.start_server(serve, ADDRESS, 0, ssl=tls())
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


warnings.simplefilter("ignore")  # Python does not like what some tests are about
logging.disable(logging.CRITICAL)  # refused handshakes are what some tests are about
asyncio.run(main())
