// Shows one part of each [data-turns] at a time, the next every ten seconds: sheets of waiting
// counts, banners, lines of notices. Nothing slides, and a new picture stays where the old one was.
(() => {
  const PERIOD = 10_000;
  let turn = 0;
  const show = () => {
    for (const group of document.querySelectorAll("[data-turns]")) {
      [...group.children].forEach((part, at, { length }) => { part.hidden = at !== turn % length; });
    }
  };
  document.documentElement.dataset.turning = "";
  document.addEventListener("htmx:after:swap", show);
  setInterval(() => { turn += 1; show(); }, PERIOD);
  show();
})();
