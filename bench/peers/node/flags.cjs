// The flags that every peer understands.
"use strict";

const DEFLATE = ["off", "no-takeover", "takeover"];

function wrong(word) {
  console.error("not understood:", word);
  process.exit(2);
}

// Reads [URL] [--name value]… over these defaults.
module.exports = function flags(defaults) {
  const read = { deflate: "off", ...defaults };
  const words = process.argv.slice(2);
  while (words.length) {
    const word = words.shift();
    if (word.startsWith("ws://") && "url" in read) read.url = word.replace(/\/$/, "");
    else if (word.startsWith("--") && word.slice(2) in read) read[word.slice(2)] = words.shift();
    else wrong(word);
  }
  if (!DEFLATE.includes(read.deflate)) wrong(read.deflate);
  return read;
};
