// Tries an echo server: client.cjs URL OFFER EXPECTED [ROOT.pem]. A line per check; fails if one fails.
"use strict";
const assert = require("node:assert");
const { once } = require("node:events");
const fs = require("node:fs");
const { WebSocket } = require("ws");

const OFFERS = {
  off: false,
  on: { threshold: 0 },
  "no-takeover": { threshold: 0, clientNoContextTakeover: true, serverNoContextTakeover: true },
  "window-9": { threshold: 0, clientMaxWindowBits: 9, serverMaxWindowBits: 9 },
  "window-10-no-takeover": {
    threshold: 0,
    clientMaxWindowBits: 10,
    serverMaxWindowBits: 10,
    clientNoContextTakeover: true,
    serverNoContextTakeover: true,
  },
};

const [url, offer, expected, root] = process.argv.slice(2);
const options = {
  perMessageDeflate: OFFERS[offer],
  maxPayload: 32 << 20,
  ca: root && fs.readFileSync(root),
};

async function open(path = "/echo") {
  const socket = new WebSocket(url + path, options);
  const received = [];
  const waiting = [];
  socket.on("message", (data, binary) => {
    const message = binary ? data : data.toString();
    waiting.length ? waiting.shift()(message) : received.push(message);
  });
  socket.next = () =>
    received.length ? Promise.resolve(received.shift()) : new Promise((resolve) => waiting.push(resolve));
  socket.ended = once(socket, "close").then(([code, reason]) => [code, reason.toString()]);
  await once(socket, "open");
  return socket;
}

async function echoed(socket, message) {
  socket.send(message);
  const answer = await socket.next();
  assert.equal(typeof answer, typeof message);
  assert.ok(Buffer.from(answer).equals(Buffer.from(message)), `${message.length} bytes came back otherwise`);
}

const checks = {
  async "deflate is agreed as expected"(socket) {
    const agreed = socket.extensions.includes("permessage-deflate") ? "deflated" : "plain";
    assert.equal(agreed, expected, socket.extensions);
  },

  async "text and binary come back"(socket) {
    for (const message of ["", "hello", "grüße ☃ 🌍", Buffer.alloc(0), Buffer.from([0, 1, 255]), "a"]) {
      await echoed(socket, message);
    }
  },

  async "many messages share a context"(socket) {
    for (let number = 0; number < 200; number++) {
      await echoed(socket, `message ${number} of the same kind `.repeat(number % 40));
    }
  },

  async "a mebibyte comes back"(socket) {
    const noise = Buffer.alloc(1 << 20);
    for (let at = 0, word = 6455; at < noise.length; at++) {
      word = (word * 1103515245 + 12345) & 0x7fffffff;
      noise[at] = word >> 16;
    }
    await echoed(socket, noise);
    await echoed(socket, "fünf Wörter ".repeat(80_000));
    await echoed(socket, "short again");
  },

  async "fragments make one message"(socket) {
    for (const part of ["he", "", "llo ☃ ".repeat(500)]) socket.send(part, { fin: false });
    socket.send("end", { fin: true });
    assert.equal(await socket.next(), "he" + "llo ☃ ".repeat(500) + "end");
  },

  async "a ping is answered, also between fragments"(socket) {
    socket.send("one ", { fin: false });
    const pong = once(socket, "pong");
    socket.ping("x".repeat(125));
    assert.equal((await pong)[0].toString(), "x".repeat(125));
    socket.send("two");
    assert.equal(await socket.next(), "one two");
  },

  async "messages in flight come back in order"(socket) {
    for (let number = 0; number < 300; number++) socket.send(String(number));
    for (let number = 0; number < 300; number++) assert.equal(await socket.next(), String(number));
  },

  async "our close is echoed"(socket) {
    socket.close(4321, "that is all");
    assert.equal((await socket.ended)[0], 4321);
  },
};

async function theServersClose() {
  const socket = await open("/close?code=4001&reason=bye");
  assert.deepEqual(await socket.ended, [4001, "bye"]);
}

async function tried(name, check) {
  const limit = setTimeout(() => fail(new Error("no end within 60 s")), 60_000);
  const fail = (error) => {
    console.log("FAIL", name, error.message);
    process.exit(1);
  };
  await check().catch(fail);
  clearTimeout(limit);
  console.log("PASS", name);
}

(async () => {
  for (const [name, check] of Object.entries(checks)) {
    await tried(name, async () => {
      const socket = await open();
      await check(socket);
      socket.close();
      await socket.ended;
    });
  }
  await tried("the server's close is seen", theServersClose);
})();
