// Keeps the address bar on the link of the current scenario, without a history entry of its own.
// Streamlit writes the address too: a page link brings the query string of the first load, Back an older one.
// Both end in a run or a popstate, after which the link is put back.

const SETTLE_MS = 300; // Back: Streamlit first asks the server which page it is
const SESSION = "crossoverSession"; // on the window: a server that was started again sends this script again
const links = new WeakMap();

// A server that was started again, or that has let go of a tab that was away for long, answers with a new session. But
// Streamlit then neither runs the page again nor asks for downloads under the new session's name. So the page asks for
// a run when it has found the server again, and begins anew, from the link that it has, where the session is another.
function watch(link) {
  const app = document.querySelector('[data-testid="stApp"]') ?? document.body;
  let lost = false;
  link.watch = new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === "CONNECTED";
    if (connected && lost) link.setStateValue("found", Date.now());
    lost = !connected;
  });
  link.watch.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
}

function beginAnew(session) {
  const before = window[SESSION];
  window[SESSION] = session;
  if (before !== undefined && before !== session) location.reload();
}

function assert(link) {
  const query = link.query ? `?${link.query}` : "";
  if (location.search === query) return;
  history.replaceState(history.state, "", location.pathname + query + location.hash);
}

export default function ({ data, parentElement, setStateValue }) {
  let link = links.get(parentElement);
  if (link === undefined) {
    link = { query: data.query, calls: 0 };
    link.onBack = () => setTimeout(() => link.alive && assert(link), SETTLE_MS);
    links.set(parentElement, link);
    addEventListener("popstate", link.onBack);
    watch(link);
  }
  link.alive = true;
  link.calls += 1;
  const call = link.calls;
  link.setStateValue = setStateValue;
  link.query = data.query;
  assert(link);
  beginAnew(data.session);
  return () => {
    if (call !== link.calls) return; // a run that was overtaken on its way here ends late; a later one holds the link
    link.alive = false;
    removeEventListener("popstate", link.onBack);
    link.watch.disconnect();
    links.delete(parentElement);
  };
}
