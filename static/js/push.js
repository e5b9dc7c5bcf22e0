// One touch, and this browser shows what the portal tells, also while the page is closed. The
// browser has one subscription for all pages; whom it is for is remembered by a key that opens nothing.
(() => {
  const recall = (form) => { try { return localStorage.getItem(form.dataset.key); } catch { return null; } };
  const remember = (form, wants) => { try { localStorage.setItem(form.dataset.key, wants ? "on" : ""); } catch { /* private mode */ } };
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const manager = async () => {
    const worker = await navigator.serviceWorker.register("/sw.js", { scope: "/antrean/" });
    if (!worker.active) await new Promise((go) => { (worker.installing ?? worker.waiting).onstatechange = ({ target }) => target.state === "activated" && go(); });
    return worker.pushManager;
  };
  const subscription = async (push, server) => {
    const known = await push.getSubscription();
    if (known && text(known.options.applicationServerKey) === server) return known;
    await known?.unsubscribe(); // made for another key of the portal
    return push.subscribe({ userVisibleOnly: true, applicationServerKey: server });
  };
  const change = async (form, wants) => {
    // Before all else: some browsers let only the touch itself ask.
    if (wants && await Notification.requestPermission() !== "granted") return "denied";
    const push = await manager(), body = new FormData(form);
    const mine = await (wants ? subscription(push, form.dataset.push) : push.getSubscription());
    if (mine) {
      body.set("endpoint", mine.endpoint);
      for (const name of ["p256dh", "auth"]) body.set(name, text(mine.getKey(name)));
      if (!wants) body.set("stop", "on");
      if (!(await fetch(form.action, { method: "POST", body })).ok) return "failed";
    }
    remember(form, wants);
    return "";
  };

  const show = () => {
    for (const form of document.querySelectorAll("form[data-push]")) {
      form.hidden = !(window.PushManager && navigator.serviceWorker && form.dataset.push);
      form.querySelector("[role=switch]").checked = window.Notification?.permission === "granted" && Boolean(recall(form));
    }
  };
  document.addEventListener("change", async ({ target }) => {
    if (!target.matches("[data-push] input")) return;
    target.disabled = true;
    const wrong = await change(target.form, target.checked).catch(() => "failed");
    target.disabled = false;
    for (const name of ["denied", "failed"]) target.form.querySelector(`[data-push-${name}]`).hidden = wrong !== name;
    show(); // as it is now, also where the ticket was drawn anew meanwhile
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();
