// The console by keyboard: each [data-key] is pressed by its key, in an open dialog only its own;
// one press is one act, and the clocks tick. Pictures that come while somebody acts or chooses wait
// until that is over.
(() => {
  const CALM = 400; // ms in which a second press is the same one: double clicks, held keys
  const root = document.documentElement;
  let busy = false, held = false, pressed = -CALM, seen = "", shift = 0;

  const desk = () => document.getElementById("desk");
  const dialog = () => document.querySelector(":popover-open");
  const focusPrimary = () => desk().querySelector("[data-key='enter']")?.focus();
  const release = () => {
    if (!held || busy || dialog()) return;
    held = false;
    desk().dispatchEvent(new Event("stale"));
  };
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const { now, changes } = desk().dataset;
    if (now !== seen) [seen, shift] = [now, now - Date.now()];
    const until = (moment) => Math.round((moment - Date.now() - shift) / 1000);
    for (const clock of document.querySelectorAll("[data-begun]")) {
      const seconds = Math.max(0, -until(clock.dataset.begun));
      clock.textContent = `${two(Math.floor(seconds / 60))}.${two(seconds % 60)}`;
    }
    for (const button of document.querySelectorAll("[data-until]")) {
      button.querySelector("[data-left]").textContent = until(button.dataset.until);
      button.hidden = until(button.dataset.until) <= 0;
    }
    // Asked again every second until the server's clock has come there too.
    if (changes && until(changes) <= 0) desk().dispatchEvent(new Event("stale"));
  };

  const on = (name, act) => document.addEventListener(name, act, true);
  on("keydown", (event) => {
    const { target, key, repeat } = event;
    if (repeat && key === "Enter") event.preventDefault();
    if (repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest("input, select, textarea")) return;
    if (key === "Enter" && target.closest("a, button")) return; // pressed by the browser
    const buttons = (dialog() ?? desk()).querySelectorAll(`[data-key="${CSS.escape(key.toLowerCase())}"]`);
    const button = [...buttons].find((each) => each.checkVisibility());
    if (button) { event.preventDefault(); button.click(); }
  });
  on("submit", (event) => {
    if (busy || event.timeStamp - pressed < CALM) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else [busy, pressed] = [Boolean(window.htmx), event.timeStamp];
  });
  on("click", ({ target }) => {
    const pick = target.closest("[data-ticket]");
    if (pick) document.getElementById("pilih-nomor").value = pick.dataset.ticket;
  });
  on("toggle", release);
  on("stale", (event) => {
    if (busy || dialog()) { held = true; event.stopImmediatePropagation(); }
  });
  const onAct = (name, act) => on(`htmx:${name}`, (event) => {
    if (event.detail.ctx?.sourceElement?.id?.startsWith("tekan-")) act(event, event.detail.ctx);
  });
  onAct("before:response", (event, { response: { raw, status } }) => {
    // Signed out, or a fault: a whole page must not take the place of the console.
    if (!raw.redirected && (status < 400 || raw.headers.has("HX-Retarget"))) return;
    event.preventDefault();
    location.reload();
  });
  // The press may have arrived or not: only the next picture tells.
  const unanswered = document.getElementById("tak-terjawab");
  onAct("error", () => { document.getElementById("flash").replaceChildren(); unanswered.hidden = false; });
  on("htmx:before:response", (event) => {
    unanswered.hidden = true;
    // Asked before a choice began, answered while it is being made: it waits like a later one.
    if (event.detail.ctx?.sourceElement !== desk() || !(busy || dialog())) return;
    held = true;
    event.preventDefault();
  });
  onAct("finally:request", () => { busy = false; dialog()?.hidePopover(); focusPrimary(); tick(); release(); });
  root.dataset.keys = "";
  if (document.activeElement === document.body) focusPrimary(); // else somebody has begun already
  tick();
  setInterval(tick, 1000);
})();
