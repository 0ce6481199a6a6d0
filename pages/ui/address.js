// Keeps the address bar on the link of the current scenario, without a history entry of its own.
// Streamlit writes the address too: a page link brings the query string of the first load, Back an older one.
// Both end in a run or a popstate, after which the link is put back.

const SETTLE_MS = 300; // Back: Streamlit first asks the server which page it is
const links = new WeakMap();

function assert(link) {
  const query = link.query ? `?${link.query}` : "";
  if (location.search === query) return;
  history.replaceState(history.state, "", location.pathname + query + location.hash);
}

export default function ({ data, parentElement }) {
  let link = links.get(parentElement);
  if (link === undefined) {
    link = { query: data.query };
    link.onBack = () => setTimeout(() => link.alive && assert(link), SETTLE_MS);
    links.set(parentElement, link);
    addEventListener("popstate", link.onBack);
  }
  link.alive = true;
  link.query = data.query;
  assert(link);
  return () => {
    link.alive = false;
    removeEventListener("popstate", link.onBack);
    links.delete(parentElement);
  };
}
