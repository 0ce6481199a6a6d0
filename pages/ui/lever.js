// One lever. Values go to Python one at a time: the next one leaves when the last one has been answered,
// and it is always the newest. Python's value is shown unless the user is ahead of it.

const PATIENCE_MS = 10_000; // after which a value without an answer is sent again; then twice as long, and so on
const MOST_PATIENCE_MS = 60_000;
const THUMB_PX = 18;
const levers = new WeakMap();
const pen = document.createElement("canvas").getContext("2d"); // measures words without laying out the page

// Text that is written again is laid out again, even if it is the same.
function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

class Lever {
  constructor(root) {
    this.root = root;
    this.input = this.find("#range");
    this.field = this.find(".value");
    this.data = null;
    this.position = 0; // index of the stop under the thumb
    this.next = null; // newest value not yet sent
    this.sent = null; // {value, again, run} waiting for its answer
    this.handed = null; // last value that left, if any did
    this.patience = PATIENCE_MS;
    this.held = false;
    this.editing = false; // somebody types into the field
    this.typed = 0; // number of the last text that was typed
    this.input.addEventListener("input", () => this.moved());
    this.input.addEventListener("pointerdown", () => { this.held = true; });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
      this.input.addEventListener(name, () => this.released());
    }
    this.field.addEventListener("focus", () => this.edit());
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.enter());
    this.find(".remove").addEventListener("click", () => this.setStateValue("removed", Date.now()));
    this.said = ""; // what the caption was fitted from
    this.width = 0; // of the caption's line [px]; 0 while it is not to be seen
    this.font = "";
    this.resized = new ResizeObserver(([{ target, contentRect }]) => {
      const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(target);
      this.width = contentRect.width;
      this.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
      this.say();
    });
    this.resized.observe(this.find(".caption"));
    document.fonts.ready.then(() => {
      this.said = "";
      this.say();
    });
  }

  find(name) {
    return this.root.querySelector(name);
  }

  // The thumb

  moved() {
    this.show(Number(this.input.value), this.data.labels[this.input.value]);
    this.next = this.data.stops[this.position];
    this.send();
  }

  released() {
    this.held = false;
    this.followPython();
  }

  send() {
    if (this.next === null || this.sent !== null) return;
    const value = this.next;
    this.next = null;
    // The same value twice is no change to Streamlit, even if Python has shown another one since.
    const again = value === this.data.received ? this.data.again + 1 : this.data.again;
    this.sent = { value, again, run: this.data.run };
    this.timer = setTimeout(() => this.insist(), this.patience);
    const other = value !== (this.handed ?? this.data.received);
    this.handed = value;
    if (other || again === this.data.again) this.setStateValue("value", value);
    if (again !== this.data.again) this.setStateValue("again", again);
  }

  // The answer does not come: the message was lost, or its run ended before it got here.
  insist() {
    if (!this.root.isConnected) return;
    this.patience = Math.min(2 * this.patience, MOST_PATIENCE_MS);
    this.next ??= this.sent.value;
    this.sent = null;
    this.send();
  }

  answered() {
    clearTimeout(this.timer);
    this.patience = PATIENCE_MS;
    this.sent = null;
    this.send();
    this.followPython();
  }

  // The field: Enter applies what is typed, so does leaving it; Escape puts back what stood there.

  edit() {
    this.editing = true;
    this.field.value = this.data.exact;
    this.fit();
    this.field.select();
    this.complain("");
  }

  key(event) {
    if (event.key === "Escape") this.field.value = this.data.exact;
    if (event.key === "Escape" || event.key === "Enter") {
      event.preventDefault();
      this.enter();
      this.field.blur();
    }
  }

  enter() {
    if (!this.editing) return;
    this.editing = false;
    const text = this.field.value.trim();
    if (text !== "" && text !== this.data.exact) {
      this.typed = Math.max(this.typed, this.data.typed) + 1;
      this.setStateValue("typed", { text, number: this.typed });
    }
    this.followPython();
  }

  fit() {
    this.field.style.width = `calc(${Math.max(this.field.value.length, 1)}ch + 0.5rem)`;
  }

  // What Python says

  update(data, setStateValue) {
    const before = this.data === null ? data.value : this.data.stops[this.position];
    const refused = this.data === null || data.typed !== this.data.typed || data.error !== this.data.error;
    this.data = data;
    this.setStateValue = setStateValue;
    this.draw();
    if (refused) this.complain(data.error);
    this.show(this.indexOf(before), data.labels[this.indexOf(before)]); // the stops may be others now
    const waiting = this.sent;
    // A run that began before the value left carries the old one: not yet the answer.
    const reached = waiting && data.run !== waiting.run && data.received === waiting.value && data.again === waiting.again;
    if (reached) this.answered();
    else this.followPython();
  }

  followPython() {
    if (this.held || this.next !== null || this.sent !== null) return;
    const index = this.indexOf(this.data.value);
    this.show(index, this.data.text || this.data.labels[index]);
  }

  indexOf(value) {
    let best = 0;
    this.data.stops.forEach((stop, index) => {
      if (Math.abs(stop - value) < Math.abs(this.data.stops[best] - value)) best = index;
    });
    return best;
  }

  show(index, text) {
    const { unit, captions, note, disabled } = this.data;
    this.position = index;
    if (this.input.value !== String(index)) this.input.value = index;
    if (!this.editing) {
      this.field.value = text;
      this.fit();
    }
    const spoken = [`${text} ${unit}`.trim(), disabled || captions[0], disabled ? "" : note];
    this.input.setAttribute("aria-valuetext", spoken.filter(Boolean).join(". "));
  }

  draw() {
    const { label, was, help, captions, note, stops, track, mark, disabled, removable } = this.data;
    this.input.max = stops.length - 1;
    this.input.disabled = this.field.disabled = Boolean(disabled);
    this.input.setAttribute("aria-label", label);
    this.field.setAttribute("aria-label", `${label}, typed in`);
    const name = this.find("label");
    write(name, label);
    if (help) name.title = help;
    else name.removeAttribute("title");
    write(this.find(".was"), was ? `was ${was}` : "");
    write(this.find(".note"), note ?? "");
    this.find(".note").hidden = note === null;
    this.find(".captions").title = disabled || [captions[0], note].filter(Boolean).join(". ");
    const remove = this.find(".remove");
    remove.hidden = !removable;
    remove.setAttribute("aria-label", `Remove the lever ${label}`);
    const triangle = this.find(".mark");
    triangle.hidden = mark === null || Boolean(disabled);
    if (mark !== null) triangle.style.left = this.along(mark);
    const parts = track.map(([from, to, color]) => `${color} ${this.along(from)} ${this.along(to)}`);
    this.find(".track").style.background = parts.length ? `linear-gradient(to right, ${parts.join(", ")})` : "";
    this.say();
  }

  // Where the answer turns: the longest way to say it that fits on the line.
  say() {
    if (this.data === null) return;
    const ways = this.data.disabled ? [this.data.disabled] : this.data.captions;
    const said = JSON.stringify([ways, this.width]);
    if (said === this.said) return;
    this.said = said;
    pen.font = this.font;
    const fits = (words) => this.width === 0 || Math.ceil(pen.measureText(words).width) <= this.width;
    write(this.find(".caption"), ways.find(fits) ?? ways.at(-1));
  }

  complain(words) {
    write(this.find(".error"), words);
    this.find(".captions").classList.toggle("refused", Boolean(words));
  }

  along(share) {
    return `calc(${THUMB_PX / 2}px + (100% - ${THUMB_PX}px) * ${share.toFixed(4)})`;
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let lever = levers.get(parentElement);
  if (lever === undefined) {
    lever = new Lever(parentElement);
    levers.set(parentElement, lever);
  }
  lever.update(data, setStateValue);
}
