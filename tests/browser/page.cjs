// The page of `wharf serve` in headless Chromium: page.cjs HTTP_URL HTTPS_URL REPORTS.
// A line per check; fails if one fails. Pictures of the page go to REPORTS.
"use strict";
const assert = require("node:assert");
const http = require("node:http");
const path = require("node:path");
const { chromium } = require("playwright-core");

const [plain, secure, reports] = process.argv.slice(2);
const LIMIT = 60_000;

const browserOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const wsOf = (url) => url.replace(/^http/, "ws");

/** What runs in the page: a connection that tells what happened to it. */
function scripted() {
  globalThis.talk = (url, messages) =>
    new Promise((resolve) => {
      const told = { opened: false, extensions: "", echoes: [] };
      const socket = new WebSocket(url);
      socket.binaryType = "arraybuffer";
      const next = () => {
        const message = messages[told.echoes.length];
        message === undefined ? socket.close(4002, "enough") : socket.send(globalThis.made(message));
      };
      socket.onopen = () => {
        Object.assign(told, { opened: true, extensions: socket.extensions });
        if (messages.length) next();
      };
      socket.onmessage = ({ data }) => {
        told.echoes.push(globalThis.alike(data, globalThis.made(messages[told.echoes.length])));
        next();
      };
      socket.onclose = ({ code, reason, wasClean }) => resolve({ ...told, code, reason, wasClean });
    });
  /** A text as it is, or so many bytes that look like noise. */
  globalThis.made = (message) => {
    if (typeof message === "string") return message;
    const bytes = new Uint8Array(message);
    for (let at = 0, word = 6455; at < bytes.length; at++) {
      word = (Math.imul(word, 1103515245) + 12345) >>> 0;
      bytes[at] = word >>> 24;
    }
    return bytes;
  };
  globalThis.alike = (data, sent) => {
    if (typeof data === "string" || typeof sent === "string") return data === sent;
    const bytes = new Uint8Array(data);
    return bytes.length === sent.length && bytes.every((byte, at) => byte === sent[at]);
  };
}

const talk = (page, url, messages) => page.evaluate(([url, messages]) => talk(url, messages), [url, messages]);

const checks = {
  async "the page connects, sends text and shows the echo, by keyboard alone"({ page }) {
    await page.goto(plain);
    await page.waitForFunction(() => document.querySelector("#state").textContent === "open");
    assert.match(await page.textContent("#extensions"), /permessage-deflate/);
    await page.focus("#text");
    await page.keyboard.type("grüße ☃");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#log .received .body >> text=grüße ☃");
    assert.match(await page.textContent("#rtt"), /ms/);
  },

  async "the page sends bytes and shows the echo"({ page }) {
    await page.fill("#hex", "de ad be ef");
    await page.click("#send-binary");
    await page.waitForSelector("#log .received .body >> text=de ad be ef");
    await page.screenshot({ path: path.join(reports, "light.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: path.join(reports, "dark.png") });
  },

  async "the page closes and shows the code"({ page }) {
    await page.fill("#send-code", "4321");
    await page.fill("#send-reason", "enough");
    await page.click("#disconnect");
    await page.waitForFunction(() => document.querySelector("#close-code").textContent === "4321");
    assert.equal(await page.textContent("#was-clean"), "yes");
  },

  async "text, binary, nothing and 1 MiB of each come back, deflated"({ page }) {
    const messages = ["grüße ☃ 🌍", "", 0, 5, 1 << 20, "fünf Wörter ".repeat(90_000), "short again"];
    const told = await talk(page, `${wsOf(plain)}/echo`, messages);
    assert.deepEqual(told.echoes, messages.map(() => true));
    assert.match(told.extensions, /permessage-deflate/);
    assert.deepEqual([told.code, told.wasClean], [4002, true]);
  },

  async "a close by the server is seen with its code and reason"({ page }) {
    const told = await talk(page, `${wsOf(plain)}/close?code=4001&reason=bye`, []);
    assert.deepEqual([told.opened, told.code, told.reason, told.wasClean], [true, 4001, "bye", true]);
  },

  async "over TLS it is the same"({ page }) {
    await page.goto(secure);
    await page.waitForFunction(() => document.querySelector("#state").textContent === "open");
    const told = await talk(page, `${wsOf(secure)}/echo`, ["over TLS", 1 << 20]);
    assert.deepEqual(told.echoes, [true, true]);
    assert.match(told.extensions, /permessage-deflate/);
  },

  async "a page of another origin cannot connect"({ page, foreign }) {
    await page.goto(foreign);
    const told = await talk(page, `${wsOf(plain)}/echo`, ["let me in"]);
    assert.deepEqual([told.opened, told.code, told.wasClean], [false, 1006, false]);
  },

  async "the server tells a foreign origin 403"({ foreign }) {
    assert.equal(await upgradeStatus(foreign), 403);
    assert.equal(await upgradeStatus(plain), 101);
  },

  async "no page complained"({ complaints }) {
    // What the browser itself says of the refused connection is expected.
    const unexpected = complaints.filter((text) => !/WebSocket connection to .* failed/.test(text));
    assert.deepEqual(unexpected, []);
  },
};

/** The status that a client gets which claims to be a page of this origin. */
function upgradeStatus(origin) {
  return new Promise((resolve, reject) => {
    const headers = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      Origin: origin,
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Version": "13",
    };
    const request = http.get(`${plain}/echo`, { headers });
    request.on("response", (response) => resolve(response.statusCode));
    request.on("upgrade", (response, socket) => resolve(socket.destroy() && response.statusCode));
    request.on("error", reject);
  });
}

/** A server of nothing but an empty page: another origin. */
function elsewhere() {
  const server = http.createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><link rel=icon href=data:,><title>elsewhere</title>");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function main() {
  const server = await elsewhere();
  const foreign = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch(browserOptions);
  const page = await browser.newPage({ ignoreHTTPSErrors: true, colorScheme: "light" });
  page.setDefaultTimeout(LIMIT);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (said) => said.type() === "error" && complaints.push(said.text()));
  await page.addInitScript(scripted);
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check({ page, foreign, complaints });
      console.log("PASS", name);
    } catch (error) {
      failed += 1;
      console.log("FAIL", name, error.message);
    }
  }
  await browser.close();
  server.close();
  return failed;
}

setTimeout(() => process.exit(1), 5 * LIMIT).unref();
main().then((failed) => process.exit(failed ? 1 : 0));
