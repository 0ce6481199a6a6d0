// On a phone the levers are in the sidebar, which is a closed drawer: this button opens it.

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  parentElement.querySelector(".label").textContent = data.label;
  button.onclick = () => {
    const opener =
      document.querySelector('[data-testid="stExpandSidebarButton"]') ??
      document.querySelector('[data-testid="stHeader"] button');
    // Streamlit puts the test id on the button or on a box around it.
    (opener?.querySelector("button") ?? opener)?.click();
  };
}
