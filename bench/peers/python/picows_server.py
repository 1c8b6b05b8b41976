"""An echo server by picows: --port N. It has no permessage-deflate."""

import uvloop
from picows import WSListener, WSMsgType, ws_create_server

import flags

READ = flags.server(supported=("off",))


class Echo(WSListener):
    def __init__(self):
        self.parts = None

    def on_ws_frame(self, transport, frame):
        kind = frame.msg_type
        if kind in (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION):
            self.on_data(transport, frame)
        elif kind == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif kind == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()

    def on_data(self, transport, frame):
        if frame.fin and frame.msg_type != WSMsgType.CONTINUATION:
            transport.send(frame.msg_type, frame.get_payload_as_memoryview())
            return
        if frame.msg_type != WSMsgType.CONTINUATION:
            self.kind, self.parts = frame.msg_type, bytearray()
        if self.parts is None:
            transport.send_close(1002)
            transport.disconnect()
            return
        self.parts += frame.get_payload_as_memoryview()
        if frame.fin:
            transport.send(self.kind, self.parts)
            self.parts = None


async def main():
    settings = {"max_frame_size": flags.MAX_MESSAGE, "backlog": 4096}
    server = await ws_create_server(lambda _: Echo(), "127.0.0.1", READ.port, **settings)
    await server.serve_forever()


uvloop.run(main())
