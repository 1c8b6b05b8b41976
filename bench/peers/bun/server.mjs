// An echo server by Bun: server.mjs --port N --deflate off|no-takeover|takeover
import flags from "../node/flags.cjs";

const { port, deflate } = flags({ port: 9001 });

const PER_MESSAGE_DEFLATE = {
  off: false,
  "no-takeover": { compress: "shared", decompress: "shared" },
  takeover: { compress: "dedicated", decompress: "dedicated" },
};
const compress = deflate !== "off";

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  fetch(request, server) {
    return server.upgrade(request) ? undefined : new Response("an upgrade is wanted", { status: 426 });
  },
  websocket: {
    maxPayloadLength: 64 << 20,
    backpressureLimit: 256 << 20,
    perMessageDeflate: PER_MESSAGE_DEFLATE[deflate],
    message(socket, message) {
      socket.send(message, compress);
    },
  },
});
