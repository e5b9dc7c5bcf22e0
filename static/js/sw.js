// Shows the last picture of a ticket, which ticket.js keeps, when the portal does not answer, and
// what the portal tells while no page is open. It governs the pages of tickets only, keeps nothing.
const PATIENCE = 4_000; // ms after which a kept picture stands in for a page that does not come

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const answer = async (request) => {
  const kept = () => caches.match(request.url, { ignoreSearch: true, ignoreVary: true });
  const tired = new Promise((wake) => { setTimeout(wake, PATIENCE); }).then(kept);
  const live = fetch(request);
  const first = await Promise.race([live, tired]).catch(() => null);
  return first && first.status < 500 ? first : (await kept()) ?? live;
};
addEventListener("fetch", (event) => {
  const { request } = event, { method, mode } = request, { origin, pathname } = new URL(request.url);
  // What could not be sent goes back to the ticket, which says that there is no line.
  const back = () => Response.redirect(pathname.replace(/[^/]+\/$/, ""), 303);
  if (method === "POST" && mode === "navigate") event.respondWith(fetch(request).catch(back));
  const isFile = origin === location.origin && pathname.startsWith("/static/");
  if (method === "GET" && (mode === "navigate" || isFile)) event.respondWith(answer(request));
});
const told = (data) => { try { return data.json(); } catch { return {}; } };
addEventListener("push", (event) => {
  const { title = "MPP", body, url, tag } = told(event.data);
  event.waitUntil(registration.showNotification(title, { body, tag, data: url, icon: "/static/img/icon-192.png", vibrate: [400, 200, 400] }));
});
const show = async (wanted) => {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  // What says nothing of where it belongs is about a ticket.
  const page = pages.find(({ url }) => (wanted ? url === wanted : url.includes("/antrean/")));
  await (page ? page.focus() : clients.openWindow(wanted || "/"));
};
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});
