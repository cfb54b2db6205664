#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A mail server on loopback for one test: smtp_peer.py MODE DIRECTORY ADDRESS CERT KEY

Prints its port on the first line and serves until it is killed. What it takes is
parsed by Python's own e-mail package and written as DIRECTORY/N.json (envelope,
headers in order, decoded) and DIRECTORY/N.body (decoded bytes), before the
server says 250.
"""
import asyncio
import email
import email.header
import email.policy
import json
import logging
import os
import socket
import ssl
import struct
import sys

from aiosmtpd.smtp import SMTP, AuthResult

MODE, DIRECTORY, ADDRESS, CERT, KEY = sys.argv[1:6]
REFUSED_RECIPIENT = {"refuse": "550 5.1.1 no such user", "greylist": "451 4.7.1 come back later"}


def decoded(value):
    parts = email.header.decode_header(value)
    try:
        return str(email.header.make_header(parts))
    except UnicodeDecodeError:  # says UTF-8 and is not
        return "".join(p if isinstance(p, str) else p.decode("utf-8", "replace") for p, _ in parts)


class Handler:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if MODE in REFUSED_RECIPIENT:
            return REFUSED_RECIPIENT[MODE]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if MODE == "refuse-data":
            # A filter that quotes what it did not like: the code must not reach the log.
            text = email.message_from_bytes(envelope.content).get_payload(decode=True)
            return "554 5.7.1 " + text.decode().replace("\n", " ").replace("\r", "")[:300]
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.compat32)
        report = {
            "mail_from": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "user": (session.auth_data.login.decode() if session.auth_data else ""),
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "defects": [str(d) for d in parsed.defects],
            "multipart": parsed.is_multipart(),
            "headers": [[name, decoded(value)] for name, value in parsed.items()],
            "longest_line": max(len(line) for line in envelope.content.split(b"\r\n")),
        }
        Handler.count += 1
        base = os.path.join(DIRECTORY, str(Handler.count))
        with open(base + ".body", "wb") as out:
            out.write(parsed.get_payload(decode=True))
        with open(base + ".json", "w") as out:
            json.dump(report, out)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"mailer" and data.password == b"correct horse"
    return AuthResult(success=right, handled=False, auth_data=data)


def tls():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERT, KEY)
    return context


def smtp():
    options = {"hostname": "peer.example"}
    if MODE in ("starttls", "auth"):
        options.update(tls_context=tls(), require_starttls=True)
    if MODE == "auth":
        options.update(authenticator=authenticate, auth_required=True)
    return SMTP(Handler(), **options)


async def misbehave(reader, writer):
    """Everything that no real mail server does."""
    connection = writer.get_extra_info("socket")
    if MODE == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return
    if MODE == "endless-greeting":
        while not writer.is_closing():
            writer.write(b"220-" + b"x" * 900 + b"\r\n")
            await writer.drain()
        return
    if MODE == "endless-line":
        writer.write(b"220 ")
        while not writer.is_closing():
            writer.write(b"x" * 65536)
            await writer.drain()
        return
    if MODE == "garbage":
        writer.write(bytes(range(256)) * 8 + b"\r\n")
        await writer.drain()
    if MODE == "not-now":
        writer.write(b"421 4.3.2 too busy\r\n")
        await writer.drain()
        writer.close()
        return
    if MODE == "not-you":
        writer.write(b"554 5.7.1 blocked\r\n")
        await writer.drain()
        writer.close()
        return
    await reader.read()  # mute: listens until the other side gives up


async def main():
    loop = asyncio.get_running_loop()
    if MODE in ("plain", "starttls", "auth", "implicit", "refuse", "greylist", "refuse-data"):
        server = await loop.create_server(smtp, ADDRESS, 0, ssl=tls() if MODE == "implicit" else None)
    else:
        server = await asyncio.start_server(misbehave, ADDRESS, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


logging.disable(logging.CRITICAL)  # refused handshakes are what some tests are about
asyncio.run(main())
