// A client of an Autobahn server by ws: client.cjs URL --agent NAME --deflate off|no-takeover|takeover
"use strict";
const { WebSocket } = require("ws");
const { url, agent, deflate } = require("./flags.cjs")({ url: "ws://127.0.0.1:9001", agent: "ws" });

// To ws `false` is a refusal of what the peer asks for; `undefined` leaves it to the peer.
const perMessageDeflate = deflate !== "off" && {
  threshold: 0,
  serverNoContextTakeover: deflate === "no-takeover" || undefined,
  clientNoContextTakeover: deflate === "no-takeover" || undefined,
};

// Resolves at the end of the connection, with what `onMessage` returned first.
function session(path, onMessage) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url + path, { perMessageDeflate, maxPayload: 64 << 20 });
    let result;
    const limit = setTimeout(() => socket.terminate(), 120_000);
    socket.on("error", () => {}); // The peer's; ws has told it.
    socket.on("message", (data, binary) => (result ??= onMessage(socket, data, binary)));
    socket.on("close", () => (clearTimeout(limit), resolve(result)));
  });
}

function echo(socket, data, binary) {
  socket.send(data, { binary });
}

(async () => {
  const count = Number(await session("/getCaseCount", (_, data) => data.toString()));
  if (!(count >= 0)) process.exit(1);
  for (let number = 1; number <= count; number++) {
    await session(`/runCase?case=${number}&agent=${agent}`, echo);
  }
  await session(`/updateReports?agent=${agent}`, echo);
})();
