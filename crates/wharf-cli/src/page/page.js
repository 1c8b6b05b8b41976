"use strict";

const at = (id) => document.getElementById(id);
const KEPT = 500; // rows of the log
const PREVIEW = 2048; // characters or bytes of a message that are shown
const SAMPLES = 60; // round-trip times behind the curve and the median
const PROBE = "wharf-probe ";

let socket = null;
let awaited = []; // what was sent and not yet come back, the oldest first
let trips = [];
let probes = 0;
let probing = 0;
const totals = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0 };

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1048576).toFixed(2)} MiB`;
}

function milliseconds(time) {
  return `${time.toFixed(time < 10 ? 2 : 1)} ms`;
}

function clock() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  const three = String(now.getMilliseconds()).padStart(3, "0");
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${three}`;
}

function hexOf(bytes) {
  const shown = Array.from(bytes.subarray(0, PREVIEW / 4), (byte) => byte.toString(16).padStart(2, "0"));
  return shown.join(" ") + (bytes.length > PREVIEW / 4 ? " …" : "");
}

function bytesOf(hex) {
  const digits = hex.replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) {
    throw new Error("Bytes are pairs of hexadecimal digits, such as: de ad be ef");
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function element(name, kind, text) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}

function row(kind, parts) {
  const line = element("li", kind, "");
  line.append(element("time", "", clock()), ...parts);
  const scroll = at("scroll");
  const following = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 40;
  const log = at("log");
  log.append(line);
  while (log.children.length > KEPT) log.firstElementChild.remove();
  if (following) scroll.scrollTop = scroll.scrollHeight;
}

function event(text, kind = "event") {
  row(kind, [element("span", "", text)]);
}

function message(way, payload, bytes, trip) {
  const text = typeof payload === "string";
  const cut = text && payload.length > PREVIEW ? `${payload.slice(0, PREVIEW)}…` : payload;
  row(way, [
    element("span", "way", way === "sent" ? "↑ sent" : "↓ received"),
    element("span", "kind", text ? "text" : "binary"),
    element("span", "size", size(bytes)),
    element("span", "body", text ? cut : hexOf(payload)),
    element("span", "trip", trip === undefined ? "" : milliseconds(trip)),
  ]);
}

function count(way, bytes) {
  totals[way] += 1;
  totals[`${way}Bytes`] += bytes;
  at("totals").textContent =
    `${totals.sent} sent (${size(totals.sentBytes)}), ${totals.received} received (${size(totals.receivedBytes)})`;
}

function same(sent, payload) {
  if (typeof sent === "string" || typeof payload === "string") return sent === payload;
  return sent.length === payload.length && sent.every((byte, index) => byte === payload[index]);
}

/** The round-trip time, if this is what was awaited: an echo keeps the order. */
function tripOf(payload, now) {
  if (awaited.length === 0 || !same(awaited[0].payload, payload)) return undefined;
  const trip = now - awaited.shift().since;
  trips.push(trip);
  trips = trips.slice(-SAMPLES);
  showTrips();
  return trip;
}

function showTrips() {
  const sorted = trips.toSorted((a, b) => a - b);
  const last = trips.at(-1);
  at("rtt").textContent = last === undefined ? "–" : milliseconds(last);
  at("rtt-median").textContent = last === undefined ? "–" : milliseconds(sorted[sorted.length >> 1]);
  at("rtt-worst").textContent = last === undefined ? "–" : milliseconds(sorted.at(-1));
  const top = Math.max(sorted.at(-1) ?? 0, 0.1);
  const points = trips.map((trip, index) => {
    const x = trips.length < 2 ? 0 : (index / (trips.length - 1)) * 240;
    return `${x.toFixed(1)} ${(41 - (trip / top) * 37).toFixed(1)}`;
  });
  const line = points.length > 1 ? `M${points.join("L")}` : "";
  at("spark-line").setAttribute("d", line);
  at("spark-area").setAttribute("d", line && `${line}L240 44L0 44Z`);
}

function show() {
  const names = ["connecting", "open", "closing", "closed"];
  const state = names[socket ? socket.readyState : 3];
  const open = state === "open";
  at("state").textContent = state;
  document.body.dataset.state = state;
  at("connect").textContent = open ? "Reconnect" : "Connect";
  at("send").disabled = at("send-binary").disabled = !open;
  at("disconnect").disabled = !open && state !== "connecting";
}

function problem(text) {
  at("problem").textContent = text;
}

function opened() {
  at("extensions").textContent = socket.extensions || "none";
  at("protocol").textContent = socket.protocol || "none";
  event(`Open: ${socket.url}`);
  show();
}

function received({ data }) {
  const now = performance.now();
  const payload = typeof data === "string" ? data : new Uint8Array(data);
  const trip = tripOf(payload, now);
  if (typeof payload === "string" && payload.startsWith(PROBE) && trip !== undefined) return;
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload).length : payload.length;
  count("received", bytes);
  message("received", payload, bytes, trip);
}

function closed({ code, reason, wasClean }) {
  at("close-code").textContent = code;
  at("close-reason").textContent = reason || "none";
  at("was-clean").textContent = wasClean ? "yes" : "no";
  document.body.dataset.clean = wasClean;
  const why = reason ? `, “${reason}”` : "";
  event(`Closed: ${code}${why}${wasClean ? "" : ", without a closing handshake"}`, wasClean ? "event" : "event bad");
  show();
}

function connect() {
  const subprotocols = at("subprotocols").value.split(",").map((name) => name.trim()).filter(Boolean);
  leave();
  problem("");
  awaited = [];
  for (const id of ["extensions", "protocol", "close-code", "close-reason", "was-clean"]) at(id).textContent = "–";
  try {
    socket = new WebSocket(at("url").value, subprotocols);
  } catch (error) {
    socket = null;
    problem(error.message);
    show();
    return;
  }
  socket.binaryType = "arraybuffer";
  const mine = socket;
  const on = (name, then) => mine.addEventListener(name, (happened) => mine === socket && then(happened));
  on("open", opened);
  on("message", received);
  on("close", closed);
  on("error", () => show());
  show();
}

/** Drops the socket in use: nothing that still comes from it is shown. */
function leave() {
  if (socket && socket.readyState < WebSocket.CLOSING) socket.close(1000);
  socket = null;
}

function send(payload) {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload).length : payload.length;
  problem("");
  count("sent", bytes);
  message("sent", payload, bytes);
  awaited.push({ payload, since: performance.now() });
  socket.send(payload);
}

function sendText() {
  if (!socket || socket.readyState !== WebSocket.OPEN) return;
  send(at("text").value);
  at("text").value = "";
  at("text").focus();
}

async function sendBinary() {
  const file = at("file").files[0];
  const field = at("hex");
  try {
    const bytes = file ? new Uint8Array(await file.arrayBuffer()) : bytesOf(field.value);
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    send(bytes);
    at("binary").reset();
  } catch (error) {
    if (!file) field.setAttribute("aria-invalid", "true");
    problem(error.message);
  }
}

function close() {
  try {
    socket.close(Number(at("send-code").value), at("send-reason").value);
    problem("");
  } catch {
    problem("A page may close with 1000 or 3000–4999, and a reason of at most 123 bytes.");
  }
  show();
}

function probe() {
  if (!socket || socket.readyState !== WebSocket.OPEN || awaited.length > 0) return;
  const payload = PROBE + probes++;
  awaited.push({ payload, since: performance.now() });
  socket.send(payload);
}

function on(id, name, then) {
  at(id).addEventListener(name, (happened) => {
    if (name === "submit") happened.preventDefault();
    then(happened);
  });
}

on("connection", "submit", connect);
on("composer", "submit", sendText);
on("binary", "submit", sendBinary);
on("closing", "submit", close);
on("hex", "input", () => at("hex").removeAttribute("aria-invalid"));
on("clear", "click", () => at("log").replaceChildren());
on("text", "keydown", (pressed) => {
  if (pressed.key !== "Enter" || pressed.shiftKey || pressed.isComposing) return;
  pressed.preventDefault();
  sendText();
});
on("live", "change", () => {
  clearInterval(probing);
  if (at("live").checked) {
    probe();
    probing = setInterval(probe, 1000);
  }
});

at("url").value = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/echo`;
connect();
