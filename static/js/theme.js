// The reader's choice of light or dark. Loaded before the page is drawn, so that nothing flashes;
// a page that names its own theme (kiosk, board, printed ticket) keeps it.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme) return;
  const read = () => { try { return localStorage.getItem("theme") || ""; } catch { return ""; } };
  const show = (choice) => {
    if (choice) root.dataset.theme = choice; else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  };
  show(read());
  document.addEventListener("DOMContentLoaded", () => {
    for (const box of document.querySelectorAll("[data-theme-switch]")) box.hidden = false;
    show(read());
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try { localStorage.setItem("theme", button.dataset.themeChoice); } catch { /* private mode */ }
    show(button.dataset.themeChoice);
  });
})();
