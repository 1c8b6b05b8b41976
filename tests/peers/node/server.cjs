// An echo server: server.cjs PORT [CERTIFICATE.pem KEY.pem].
// /close?code=4001&reason=bye closes at once with this code; everything else echoes.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const https = require("node:https");
const { WebSocketServer } = require("ws");

const [port, certificate, key] = process.argv.slice(2);
const server = certificate
  ? https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) })
  : http.createServer();
const sockets = new WebSocketServer({
  server,
  perMessageDeflate: { threshold: 0 },
  maxPayload: 32 << 20,
});

sockets.on("connection", (socket, request) => {
  socket.on("error", (error) => console.error(error));
  const url = new URL(request.url, "http://localhost");
  if (url.pathname === "/close") {
    socket.close(Number(url.searchParams.get("code")), url.searchParams.get("reason"));
  } else {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  }
});
server.listen(Number(port), "127.0.0.1");
