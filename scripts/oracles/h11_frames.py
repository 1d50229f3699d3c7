#!/usr/bin/python3
"""Frames HTTP/1.1 messages with h11, for tests that compare another reader with it.

Each line of the input is `reply HEX`, `head-reply HEX` (the reply to a HEAD) or `request HEX`: all bytes of a
connection, which then ends. Each line of the output tells its messages, parted by the byte 0x1F:
`KEY BODY-IN-HEX END KEEP`, where KEY is the status or `METHOD,TARGET`, END counts the bytes up to the message's end and
KEEP is 1 or 0; then `end`, `more` (cut short) or `refused REASON`.
"""

import sys

try:
    import h11
except ImportError:
    sys.exit("h11 is missing: 'make setup-test' installs it (Debian: apt-get install python3-h11)")

LONGEST = 1 << 20


def read_message(connection):
    """The next message's key and body; None where it is cut short."""
    key = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            key = event.method.decode() + "," + event.target.decode("latin-1")
        elif isinstance(event, h11.Response):
            key = str(event.status_code)
        elif isinstance(event, h11.InformationalResponse):
            continue
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return key, bytes(body)
        else:
            return None


def connect(kind):
    if kind == "request":
        return h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST)
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST)
    method = "HEAD" if kind == "head-reply" else "GET"
    connection.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    return connection


def frame(kind, data):
    told = []
    rest = data
    while True:
        if not rest and (told or kind == "request"):
            return told + ["end"]
        connection = connect(kind)
        try:
            connection.receive_data(rest)
            if rest:
                connection.receive_data(b"")
            message = read_message(connection)
        except h11.ProtocolError as error:
            # A connection that ends within a message is an error of h11's, told apart by its words alone.
            if "closed connection" in str(error) or "incomplete chunked read" in str(error):
                return told + ["more"]
            return told + ["refused " + str(error).replace("\n", " ")]
        if message is None:
            return told + ["more"]
        rest = connection.trailing_data[0]
        keep = connection.their_state is h11.DONE
        told.append(f"{message[0]} {message[1].hex() or '-'} {len(data) - len(rest)} {int(keep)}")
        if kind != "request":
            return told + ["end"]


for line in sys.stdin:
    words = line.split()
    print("\x1f".join(frame(words[0], bytes.fromhex(words[1] if len(words) > 1 else ""))))
