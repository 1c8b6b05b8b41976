"""An echo server by websockets: --port N --deflate off|no-takeover|takeover"""

import uvloop
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

import flags

READ = flags.server()
FACTORIES = {
    "off": None,
    "no-takeover": [
        ServerPerMessageDeflateFactory(
            server_no_context_takeover=True,
            client_no_context_takeover=True,
            compress_settings={"level": 1},
        )
    ],
    "takeover": [ServerPerMessageDeflateFactory(compress_settings={"level": 1})],
}


async def echo(socket):
    try:
        async for message in socket:
            await socket.send(message)
    except ConnectionClosed:
        pass  # The peer's; websockets has told it.


async def main():
    settings = {
        "extensions": FACTORIES[READ.deflate],
        "compression": None,
        "max_size": flags.MAX_MESSAGE,
        "backlog": 4096,
    }
    async with serve(echo, "127.0.0.1", READ.port, **settings) as server:
        await server.serve_forever()


uvloop.run(main())
