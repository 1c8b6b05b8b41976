// An echo server by ws: server.cjs --port N --deflate off|no-takeover|takeover
"use strict";
const { WebSocketServer } = require("ws");
const { port, deflate } = require("./flags.cjs")({ port: 9001 });

// To ws `false` is a refusal of what the peer asks for; `undefined` leaves it to the peer.
const perMessageDeflate = deflate !== "off" && {
  threshold: 0,
  serverNoContextTakeover: deflate === "no-takeover" || undefined,
  clientNoContextTakeover: deflate === "no-takeover" || undefined,
  zlibDeflateOptions: { level: 1 },
};

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(port),
  backlog: 4096,
  maxPayload: 64 << 20,
  perMessageDeflate,
});

server.on("connection", (socket) => {
  socket.on("error", () => {}); // The peer's; ws has told it.
  socket.on("message", (data, binary) => socket.send(data, { binary }));
});
