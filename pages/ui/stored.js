// Keeps what does not fit into the link in this browser's storage, and gives back what a link names.
// Newest first; the oldest entries go when there are too many, and when the browser says that it is full.

const PREFIX = "crossover.edits.";
const INDEX = `${PREFIX}index`;
const MOST = 8;
const RETRY_MS = 1500; // an answer that gets lost while the page is still being built is given again
const TIMES = 8;
const asked = new WeakMap();

function index() {
  try {
    const keys = JSON.parse(localStorage.getItem(INDEX) ?? "[]");
    return Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}

function forget(keys) {
  keys.forEach((key) => localStorage.removeItem(PREFIX + key));
}

function keep({ key, text }) {
  const keys = [key, ...index().filter((other) => other !== key)];
  forget(keys.slice(MOST));
  keys.length = Math.min(keys.length, MOST);
  for (;;) {
    try {
      if (localStorage.getItem(PREFIX + key) !== text) localStorage.setItem(PREFIX + key, text);
      localStorage.setItem(INDEX, JSON.stringify(keys));
      return true;
    } catch {
      if (keys.length < 2) return false; // no storage at all, as in some private windows
      forget([keys.pop()]);
    }
  }
}

function read(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let exchange = asked.get(parentElement);
  if (exchange === undefined) {
    exchange = {};
    asked.set(parentElement, exchange);
  }
  exchange.setStateValue = setStateValue;
  if (data.write && exchange.written !== data.write.key) {
    exchange.written = data.write.key;
    setStateValue("kept", keep(data.write) ? data.write.key : "");
  }
  if (data.read && exchange.read !== data.read) {
    exchange.read = data.read;
    const found = { key: data.read, text: read(data.read) };
    const answer = (time) => {
      exchange.setStateValue("found", { ...found, time });
      if (time < TIMES) exchange.timer = setTimeout(() => answer(time + 1), RETRY_MS);
    };
    answer(1);
  }
  if (!data.read) clearTimeout(exchange.timer);
  return () => clearTimeout(exchange.timer);
}
