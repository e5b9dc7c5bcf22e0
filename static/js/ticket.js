// The ticket in somebody's hand: rings once for each call, confirms the number it holds, and keeps
// its last picture, which sw.js shows where there is no line.
(() => {
  const CALL = [400, 200, 400, 200, 400]; // ms of vibration and rest
  // Its own store for each day: yesterday's tickets and files go with the first picture of today.
  const DAY = `antrean-${new Date().toISOString().slice(0, 10)}`;
  const POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  const HEADERS = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY };
  const root = document.documentElement;
  const ticket = () => document.getElementById("ticket").dataset;
  const wants = () => { try { return localStorage.getItem("ring") === "on"; } catch { return false; } };
  let audio = null, light = null, worker = null, later = 0;

  const chime = () => [880, 660, 880, 660, 880, 660].forEach((pitch, beat) => {
    const tone = audio.createOscillator(), fade = audio.createGain(), at = audio.currentTime + beat * 0.4;
    tone.frequency.value = pitch;
    fade.gain.setValueAtTime(0.5, at);
    fade.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
    tone.connect(fade).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  });
  const ring = () => {
    const { call } = ticket();
    if (!call || sessionStorage.getItem("rung") === call) return;
    sessionStorage.setItem("rung", call);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(CALL);
    if (wants() && audio?.state === "running") chime();
    if (!wants() || !document.hidden || window.Notification?.permission !== "granted") return;
    worker?.showNotification(document.title, { tag: "call", requireInteraction: true, vibrate: CALL, data: location.href });
  };

  const show = async () => {
    for (const box of document.querySelectorAll("[data-ring]")) {
      box.hidden = false;
      box.querySelector("input").checked = wants();
      box.querySelector("[data-ring-touch]").hidden = !wants() || audio?.state === "running";
    }
    // A phone that falls asleep rings no more.
    if (!wants() || !("waits" in ticket())) light?.release();
    else if (!document.hidden && light?.released !== false) light = await navigator.wakeLock?.request("screen").catch(() => null);
  };
  // No browser makes a sound before the first touch: a remembered wish waits for it, and says so.
  const listen = () => {
    if (wants()) audio ??= new AudioContext();
    audio?.resume().then(show);
    show();
  };
  addEventListener("change", ({ target }) => {
    if (!target.matches("[data-ring] input")) return;
    try { localStorage.setItem("ring", target.checked ? "on" : "off"); } catch { /* private mode */ }
    if (wants()) window.Notification?.requestPermission();
    listen();
  });

  const keep = async () => {
    if (!window.caches || root.dataset.kept) return;
    const body = document.body.cloneNode(true); // in which these wait for the script that minds them
    for (const box of body.querySelectorAll("[data-ring], [data-push]")) box.hidden = true;
    const page = `<!doctype html><html lang="${root.lang}" data-kept="${Date.now()}">${document.head.outerHTML}${body.outerHTML}</html>`;
    const kept = await caches.open(DAY);
    await kept.put(location.pathname, new Response(page, { headers: HEADERS }));
    const known = (await kept.keys()).map(({ url }) => url);
    const files = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]);
    await kept.addAll(new Set(files.filter((url) => url.startsWith(`${location.origin}/static/`) && !known.includes(url))));
    for (const name of await caches.keys()) if (name.startsWith("antrean-") && name !== DAY) caches.delete(name);
  };
  // Opened by a person and not by something that looks ahead; refused once, there is the button.
  const confirm = () => {
    const form = document.querySelector("form[data-confirm]");
    if (form && !document.hidden && !root.dataset.kept && !document.querySelector("#flash .banner")) form.requestSubmit();
  };

  document.addEventListener("htmx:after:swap", () => { ring(); show(); clearTimeout(later); later = setTimeout(keep, 1_000); });
  addEventListener("pointerdown", listen);
  addEventListener("visibilitychange", () => { confirm(); show(); });
  addEventListener("load", async () => {
    confirm();
    listen();
    ring();
    worker = await navigator.serviceWorker?.register("/sw.js", { scope: "/antrean/" }).catch(() => null);
    keep();
  });
})();
