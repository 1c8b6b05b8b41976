"""An echo server: server.py PORT [CERTIFICATE.pem KEY.pem].

/close?code=4001&reason=bye closes at once with this code; everything else echoes.
"""

import asyncio
import ssl
import sys
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


async def answer(connection):
    url = urlsplit(connection.request.path)
    if url.path == "/close":
        query = parse_qs(url.query)
        await connection.close(int(query["code"][0]), query["reason"][0])
        return
    try:
        async for message in connection:
            await connection.send(message)
    except ConnectionClosed:
        pass  # With a code other than 1000, which is what a client may choose to say.


async def main(port, *pems):
    context = None
    if pems:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pems)
    async with serve(answer, "127.0.0.1", port, ssl=context, max_size=32 << 20) as server:
        await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))
