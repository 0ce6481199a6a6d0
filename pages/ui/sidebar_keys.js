// Undo and redo by keyboard, wherever no text is being typed; and the drawer that closes when it is done with.

const TYPED = new Set(["text", "number", "search", "email", "url", "password", "date", "time"]);
let closed = null;

function isTyping(event) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  return target.isContentEditable || target.tagName === "TEXTAREA" || (target.tagName === "INPUT" && TYPED.has(target.type));
}

function step(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event)) return;
  if (document.querySelector('[role="dialog"]')) return;
  const key = event.key.toLowerCase();
  const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
  if (!name) return;
  event.preventDefault();
  document.querySelector(`.st-key-${name} button:not(:disabled)`)?.click();
}

function closeDrawer() {
  if (!window.matchMedia("(max-width: 768px)").matches) return;
  const closer = document.querySelector('[data-testid="stSidebarCollapseButton"]');
  (closer?.querySelector("button") ?? closer)?.click();
}

export default function ({ data }) {
  if (closed !== null && data.close > closed) closeDrawer();
  closed = data.close;
  document.addEventListener("keydown", step);
  return () => document.removeEventListener("keydown", step);
}
