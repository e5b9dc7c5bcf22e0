// A kiosk goes back to its start when nobody touches it, and prints each number once.
(() => {
  const { idle, home, print } = document.querySelector(".kiosk").dataset;
  if (print !== undefined && sessionStorage.getItem("printed") !== location.pathname) {
    sessionStorage.setItem("printed", location.pathname);
    addEventListener("load", () => window.print());
  }
  if (!Number(idle)) return;
  const line = document.querySelector("[data-idle-line]"), voice = document.querySelector("[data-idle-voice]");
  let left = Number(idle), isLeaving = false;
  const count = () => {
    const text = line.dataset.idleLine.replace("{seconds}", Math.max(left, 0));
    line.textContent = text;
    // Said once, not every second.
    if (left === 10) voice.textContent = text;
  };
  const stay = () => { left = Number(idle); count(); };
  for (const sign of ["pointerdown", "keydown", "wheel"]) addEventListener(sign, stay, { passive: true });
  const leave = async () => {
    isLeaving = true;
    // Without the portal the browser would show a page of its own that nobody can leave again.
    const answer = await fetch(home, { method: "HEAD" }).catch(() => null);
    if (answer?.ok && left <= 0) location.replace(home);
    isLeaving = false;
  };
  count();
  setInterval(() => {
    left -= 1;
    count();
    if (left <= 0 && !isLeaving) leave();
  }, 1_000);
})();
