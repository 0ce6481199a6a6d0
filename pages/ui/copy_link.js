// Copies the address. `navigator.clipboard` exists only on https and localhost; elsewhere an invisible field helps.

const SHOWN_MS = 1800;
const timers = new WeakMap();

function copyThroughField(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.cssText = "position:fixed;opacity:0";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

async function copy(text) {
  if (navigator.clipboard === undefined) return copyThroughField(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyThroughField(text); // permission refused, as in some frames
  }
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const done = parentElement.querySelector(".done");
  parentElement.querySelector(".label").textContent = data.label;
  button.onclick = async () => {
    const copied = await copy(location.href);
    button.focus();
    done.textContent = copied ? data.done : "Not copied";
    button.classList.add("is-done");
    clearTimeout(timers.get(button));
    const clear = () => {
      button.classList.remove("is-done");
      done.textContent = "";
    };
    timers.set(button, setTimeout(clear, SHOWN_MS));
  };
  return () => clearTimeout(timers.get(button));
}
