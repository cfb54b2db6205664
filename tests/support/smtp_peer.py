#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A mail server on loopback for one test: smtp_peer.py MODE DIRECTORY ADDRESS CERT KEY

Prints its port on the first line and serves until it is killed. What it takes is
written as mail_report.py does, with BASE DIRECTORY/N and the envelope in N.json, before the
server says 250. Every attempt to log in is a line of DIRECTORY/logins: the mechanism, and "tls"
or "clear".

MODE "reply:RCPT:550 5.1.1 no" is a server that says this to that command. "stripped" is one
that takes logins in the clear and offers no TLS, or what is left of an honest one when somebody
on the way takes its STARTTLS out. "endless-greeting" and "endless-line" speak until the other side
has had enough, and leave in DIRECTORY/written how many bytes they got rid of.
"old-starttls" and "old-implicit" know TLS 1.0 and 1.1 alone.
"""
import asyncio
import logging
import os
import socket
import ssl
import struct
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

sys.dont_write_bytecode = True
import mail_report  # beside this file, in a directory that is not to be written to

MODE, DIRECTORY, ADDRESS, CERT, KEY = sys.argv[1:6]
MODE, COMMAND, REPLY = (MODE.split(":", 2) + ["", ""])[:3]
LOGGING_IN = ("auth", "auth-login", "auth-implicit", "stripped")
OLD = ("old-starttls", "old-implicit")
BEHAVED = ("plain", "starttls", "implicit", "reply", "refuse-data") + LOGGING_IN + OLD


class Handler:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if COMMAND == "RCPT":
            return REPLY
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if COMMAND == "MAIL":
            return REPLY
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if MODE == "refuse-data":
            # A filter that quotes what it did not like: the code must not reach the log.
            lines = envelope.content.decode().split("\r\n")
            return "554 5.7.1 " + next(line for line in lines if "recovery code is" in line)
        if COMMAND == "DATA":
            return REPLY
        Handler.count += 1
        mail_report.write(
            os.path.join(DIRECTORY, str(Handler.count)),
            envelope.content,
            mail_from=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            user=session.auth_data.login.decode() if session.auth_data else "",
            tls=is_tls(server),
        )
        return "250 OK"


def is_tls(server):
    return server.transport.get_extra_info("ssl_object") is not None


def authenticate(server, session, envelope, mechanism, data):
    with open(os.path.join(DIRECTORY, "logins"), "a") as out:
        print(mechanism, "tls" if is_tls(server) else "clear", file=out)
    right = data.login == b"mailer" and data.password == b"correct horse"
    return AuthResult(success=right, handled=False, auth_data=data)


def tls():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERT, KEY)
    if MODE in OLD:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


def smtp():
    options = {"hostname": "peer.example"}
    begins_tls = MODE in ("starttls", "auth", "auth-login", "old-starttls")
    if begins_tls:
        options.update(tls_context=tls(), require_starttls=True)
    if MODE in LOGGING_IN:
        # aiosmtpd does not know of a TLS that was there before it.
        options.update(
            authenticator=authenticate, auth_required=True, auth_require_tls=begins_tls
        )
    if MODE == "auth-login":
        options.update(auth_exclude_mechanism=["PLAIN"])
    return SMTP(Handler(), **options)


async def flood(writer, first, for_ever):
    # Of what is on its way, no more than can be told from a client that reads on.
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    written = 0
    try:
        writer.write(first)
        while not writer.is_closing():
            writer.write(for_ever)
            await writer.drain()
            written += len(for_ever)
    except OSError:
        pass  # the other side has had enough
    finally:
        partial = os.path.join(DIRECTORY, ".written")
        with open(partial, "w", encoding="ascii") as file:
            print(written, file=file)
        os.rename(partial, os.path.join(DIRECTORY, "written"))


async def misbehave(reader, writer):
    """Everything that no real mail server does."""
    connection = writer.get_extra_info("socket")
    if MODE == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return
    if MODE == "endless-greeting":
        await flood(writer, b"", b"220-" + b"x" * 900 + b"\r\n")
        return
    if MODE == "endless-line":
        await flood(writer, b"220 ", b"x" * 65536)
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
    if MODE in BEHAVED:
        has_tls = MODE in ("implicit", "auth-implicit", "old-implicit")
        server = await loop.create_server(smtp, ADDRESS, 0, ssl=tls() if has_tls else None)
    else:
        server = await asyncio.start_server(misbehave, ADDRESS, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


warnings.simplefilter("ignore")  # aiosmtpd does not like what some tests are about
logging.disable(logging.CRITICAL)  # refused handshakes are what some tests are about
asyncio.run(main())
