// Shows a document on a sheet of paper. A changed document takes the place of the old one inside the same frame once
// its pictures are there, so that nothing blinks; the sheet grows in steps, so that a line more moves nothing.
// While the document is an old one, the new one is asked for: as soon as no further change has come for a moment.

const STEP_PX = 160;
const REST_MS = 200;
const AGAIN_MS = 1500; // what is said while the page is still being built may get lost
const sheets = new WeakMap();

function grow(frame) {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  const height = Math.ceil((page.getBoundingClientRect().height + 2) / STEP_PX) * STEP_PX;
  if (frame.style.height !== `${height}px`) frame.style.height = `${height}px`;
}

const style = (head) => head.querySelector("style")?.textContent;

// Whether the document is now on the sheet; not when the frame has got another sheet meanwhile.
async function put(frame, html) {
  const shown = frame.contentDocument;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const lang = fresh.documentElement.lang;
  const [head, body] = [shown.adoptNode(fresh.head), shown.adoptNode(fresh.body)];
  await Promise.allSettled([...body.querySelectorAll("img")].map((image) => image.decode()));
  if (frame.contentDocument !== shown) return false;
  shown.documentElement.lang = lang;
  if (style(shown.head) !== style(head)) shown.head.replaceWith(head);
  shown.body.replaceWith(body);
  grow(frame);
  return true;
}

// The frame's own empty document comes a moment after the frame, and again when the frame is moved on the page.
const isReady = (frame) => frame.contentDocument?.URL === "about:srcdoc" && frame.contentDocument.body !== null;

// One document at a time, and after it the newest of those that came meanwhile.
async function show(frame, sheet) {
  if (sheet.busy) return;
  sheet.busy = true;
  while (isReady(frame) && sheet.shown !== sheet.html) {
    const html = sheet.html;
    if (await put(frame, html)) sheet.shown = html;
  }
  sheet.busy = false;
}

export default function ({ data, parentElement, setStateValue }) {
  const frame = parentElement.querySelector("iframe");
  frame.title = data.name;
  let sheet = sheets.get(frame);
  if (sheet === undefined) {
    sheet = { html: "", shown: null, busy: false };
    sheet.load = () => {
      sheet.shown = null;
      show(frame, sheet);
    };
    sheet.watch = new ResizeObserver(() => requestAnimationFrame(() => grow(frame)));
    sheet.watch.observe(frame);
    frame.addEventListener("load", sheet.load);
    sheets.set(frame, sheet);
  }
  sheet.html = data.html;
  show(frame, sheet);
  frame.ariaBusy = data.old;
  clearTimeout(sheet.timer);
  const ask = (time) => {
    setStateValue("wanted", { number: data.number, time });
    sheet.timer = setTimeout(() => ask(time + 1), AGAIN_MS);
  };
  if (data.old) sheet.timer = setTimeout(() => ask(1), REST_MS);
  return () => {
    clearTimeout(sheet.timer);
    sheet.watch.disconnect();
    frame.removeEventListener("load", sheet.load);
    sheets.delete(frame);
  };
}
