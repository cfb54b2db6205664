#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A double of an ntfy server on loopback, and of the app. The real ones are in no package.

  ntfy_double.py serve                   prints its port and serves until it is killed
  ntfy_double.py show URL TOPIC          prints the messages of a person's topic as a JSON array
  ntfy_double.py press URL TOPIC LABEL   presses the newest button of that label, as the app does
  ntfy_double.py post URL TOPIC TITLE MESSAGE [TOKEN]

It behaves as https://docs.ntfy.sh says of publishing as JSON, of action buttons, and of
subscribing with poll=1, since= and title=. Access: tk_host may do all, tk_phone may write to
topics that begin with "reply", and everybody may read topics that do not: persons have accounts
of their own, which nothing here is about.
"""
import asyncio
import json
import sys
import time
import urllib.parse
import urllib.request

MESSAGES = []


def may(method, topic, token):
    if token == "tk_host":
        return True
    is_reply = topic.startswith("reply")
    return (token == "tk_phone" and is_reply) if method == "POST" else not is_reply


def publish(topic, fields):
    message = {"id": "m%09d" % len(MESSAGES), "time": int(time.time()), "event": "message",
               "topic": topic, **fields}
    MESSAGES.append(message)
    return json.dumps(message) + "\n"


def found(topic, query):
    since = query.get("since", "all")
    for message in MESSAGES:
        if (message["topic"] == topic and (since == "all" or message["time"] >= int(since))
                and query.get("title", message.get("title")) == message.get("title")):
            yield json.dumps(message) + "\n"


def answer(method, target, headers, body):
    url = urllib.parse.urlsplit(target)
    token = headers.get("authorization", "").removeprefix("Bearer ")
    topic = url.path.strip("/").removesuffix("/json")
    fields = {"message": body.decode()}
    if method == "POST" and not topic:
        fields = json.loads(body)
        topic = fields.pop("topic")
    elif headers.get("title"):
        fields["title"] = headers["title"]
    if not may(method, topic, token):
        return 403, '{"code":40301,"http":403,"error":"forbidden"}\n'
    if len(fields.get("actions", [])) > 3:
        return 400, '{"code":40018,"http":400,"error":"too many actions"}\n'
    if method == "POST":
        return 200, publish(topic, fields)
    query = dict(urllib.parse.parse_qsl(url.query))
    return (200, "".join(found(topic, query))) if query.get("poll") == "1" else (400, "")


async def serve(reader, writer):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip("\r\n").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value.strip()
               for name, value in (line.split(":", 1) for line in head[1:])}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    status, text = answer(method, target, headers, body)
    data = text.encode()
    writer.write(b"HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n\r\n" % (status, len(data)) + data)
    await writer.drain()
    writer.close()


async def serve_for_ever():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def ask(method, url, headers, body=None):
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read().decode()


def messages_of(url, topic):
    lines = ask("GET", "%s/%s/json?poll=1" % (url, topic), {}).splitlines()
    return [json.loads(line) for line in lines]


def press(url, topic, label):
    buttons = [each for message in messages_of(url, topic) for each in message["actions"]]
    button = [each for each in buttons if each["label"] == label][-1]
    assert button["action"] == "http"
    ask(button["method"], button["url"], button["headers"], button["body"].encode())


def post(url, topic, title, message, token="tk_phone"):
    ask("POST", url + "/" + topic, {"Title": title, "Authorization": "Bearer " + token},
        message.encode())


VERB, *WORDS = sys.argv[1:]
if VERB == "serve":
    asyncio.run(serve_for_ever())
elif VERB == "show":
    print(json.dumps(messages_of(*WORDS)))
else:
    {"press": press, "post": post}[VERB](*WORDS)
