// The heartbeat of an enrolled screen: every 15 s it says which version it shows. When the portal
// no longer knows the screen, the page says so; without a line live.js does already.
(() => {
  const PERIOD = 15_000;
  const beat = async () => {
    if (!document.querySelector("[data-device]")) return;
    const version = document.querySelector("[data-live]")?.dataset.version ?? "";
    const body = new URLSearchParams({ version });
    const answer = await fetch("/perangkat/detak/", { method: "POST", body }).catch(() => null);
    if (!answer) return;
    for (const line of document.querySelectorAll("[data-device-unknown]")) line.hidden = answer.status !== 403;
  };
  beat();
  setInterval(beat, PERIOD);
})();
