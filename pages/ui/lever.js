// One lever. Values go to Python one at a time: the next one leaves when the last one has been answered,
// and it is always the newest. Python's value is shown unless the user is ahead of it.

const PATIENCE_MS = 2500; // after which an unanswered value no longer holds up the next one
const THUMB_PX = 18;
const levers = new WeakMap();

class Lever {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input");
    this.data = null;
    this.position = 0; // index of the stop under the thumb
    this.next = null; // newest value not yet sent
    this.sent = null; // {value, again, run} waiting for its answer
    this.held = false;
    this.input.addEventListener("input", () => this.moved());
    this.input.addEventListener("pointerdown", () => { this.held = true; });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture", "blur"]) {
      this.input.addEventListener(name, () => this.released());
    }
  }

  find(name) {
    return this.root.querySelector(name);
  }

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
    this.timer = setTimeout(() => this.answered(), PATIENCE_MS);
    if (again === this.data.again) this.setStateValue("value", value);
    else this.setStateValue("again", again);
  }

  answered() {
    clearTimeout(this.timer);
    this.sent = null;
    this.send();
    this.followPython();
  }

  update(data, setStateValue) {
    const before = this.data === null ? data.value : this.data.stops[this.position];
    this.data = data;
    this.setStateValue = setStateValue;
    this.draw();
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
    const { unit, caption } = this.data;
    this.position = index;
    if (this.input.value !== String(index)) this.input.value = index;
    this.find(".value").textContent = text;
    const spoken = `${text} ${unit}`.trim();
    this.input.setAttribute("aria-valuetext", caption ? `${spoken}. ${caption}` : spoken);
  }

  draw() {
    const { label, was, help, caption, stops, track, mark } = this.data;
    this.input.max = stops.length - 1;
    this.input.setAttribute("aria-label", label);
    const name = this.find("label");
    name.textContent = label;
    if (help) name.title = help;
    else name.removeAttribute("title");
    this.find(".was").textContent = was ? `was ${was}` : "";
    this.find(".caption").textContent = caption;
    this.find(".caption").title = caption;
    const triangle = this.find(".mark");
    triangle.hidden = mark === null;
    if (mark !== null) triangle.style.left = this.place(mark);
    const parts = track.map(({ from, to, color }) => `${color} ${this.place(from)} ${this.place(to)}`);
    this.find(".track").style.background = parts.length ? `linear-gradient(to right, ${parts.join(", ")})` : "";
  }

  // Where a value lies on the rail; the thumb's centre never reaches the rail's ends.
  place(value) {
    const stops = this.data.stops;
    const last = stops.length - 1;
    if (value <= stops[0]) return this.along(0);
    if (value >= stops[last]) return this.along(1);
    const above = stops.findIndex((stop) => stop >= value);
    const share = (value - stops[above - 1]) / (stops[above] - stops[above - 1]);
    return this.along((above - 1 + share) / last);
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
  return () => clearTimeout(lever.timer);
}
