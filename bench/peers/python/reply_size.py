"""The bytes of a compressed reply on the wire: reply_size.py PORT no-takeover|takeover

The same text again and again, until the context is settled; then the bytes of one more reply.
"""

import socket
import sys

from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Opcode
from websockets.uri import parse_uri

SETTLED = 40


def json_like(length):
    text, number = "[", 0
    names = ("amber", "birch", "cedar", "dune", "ember", "fjord")
    while len(text) < length:
        price, stock = 1000 + number * 7919 % 9000, str(number % 3 > 0).lower()
        text += f'{{"id":{number},"name":"{names[number % 6]}","price":{price},"in_stock":{stock}}},'
        number += 1
    return text[:length].encode()


def main(port, deflate):
    without = deflate == "no-takeover"
    factory = ClientPerMessageDeflateFactory(
        server_no_context_takeover=without, client_no_context_takeover=without
    )
    protocol = ClientProtocol(parse_uri(f"ws://127.0.0.1:{port}/echo"), extensions=[factory], max_size=None)
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    protocol.send_request(protocol.connect())
    exchange(connection, protocol, lambda events: any(hasattr(event, "status_code") for event in events))
    text = json_like(1024)
    for _ in range(SETTLED):
        protocol.send_text(text)
        size = exchange(connection, protocol, lambda events: any(is_text(event) for event in events))
    print(size)


def is_text(event):
    return getattr(event, "opcode", None) is Opcode.TEXT


def exchange(connection, protocol, done):
    """Sends what is due and reads until `done`; the number of bytes that came."""
    for data in protocol.data_to_send():
        connection.sendall(data)
    came = 0
    while True:
        data = connection.recv(65536)
        if not data:
            raise SystemExit("the server has closed")
        came += len(data)
        protocol.receive_data(data)
        if done(protocol.events_received()):
            return came


main(int(sys.argv[1]), sys.argv[2])
