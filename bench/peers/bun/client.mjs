// A client of an Autobahn server by Bun: client.mjs URL --agent NAME --deflate off|takeover
import flags from "../node/flags.cjs";

const { url, agent, deflate } = flags({ url: "ws://127.0.0.1:9001", agent: "bun" });
if (deflate === "no-takeover") {
  console.error("unsupported: a client without context takeover");
  process.exit(3);
}

// Resolves at the end of the connection, with what `onMessage` returned first.
function session(path, onMessage) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url + path, { perMessageDeflate: deflate !== "off" });
    socket.binaryType = "nodebuffer";
    let result;
    const limit = setTimeout(() => socket.terminate(), 120_000);
    socket.onerror = () => {}; // The peer's; Bun has told it.
    socket.onmessage = ({ data }) => (result ??= onMessage(socket, data));
    socket.onclose = () => (clearTimeout(limit), resolve(result));
  });
}

function echo(socket, data) {
  socket.send(data);
}

const count = Number(await session("/getCaseCount", (_, data) => data));
if (!(count >= 0)) process.exit(1);
for (let number = 1; number <= count; number++) {
  await session(`/runCase?case=${number}&agent=${agent}`, echo);
}
await session(`/updateReports?agent=${agent}`, echo);
process.exit(0);
