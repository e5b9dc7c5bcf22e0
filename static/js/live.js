// Keeps every [data-live] part of a page at the version of its mall, and says how old the
// picture is. A part is fetched again by the htmx trigger "stale"; the stream only hints.
(() => {
  const QUIET = 10_000, OLD = 60_000; // ms without a sign of life: the picture is stale, then old
  const POLL = 1_900, REFRESH = 60_000; // ms between fetches without a stream (two ticks), and with one
  const RETRY = 15_000, LIMIT = 8_000; // ms until a dead stream is tried again; a fetch may take
  const CROWD = 50, EACH = 4; // screens from which phones take turns; ms for each of them
  const root = document.documentElement;
  const all = (selector) => document.querySelectorAll(selector);
  let source = null, shift = 0; // shift: the server's clock minus ours
  // A picture that was kept for a tunnel says on <html> when it was taken.
  let alive = +root.dataset.kept || Date.now(), heard = 0, asked = Date.now(), tried = 0, turn = 0;

  const owed = new Set(); // parts that were asked for and have not come
  const refresh = (part) => part.dispatchEvent(new Event("stale"));
  const refreshAll = () => { asked = Date.now(); owed.clear(); all("[data-live]").forEach(refresh); };
  // A picture is fresh while the stream beats, unless the stream knows of a newer one.
  const beat = () => { heard = Date.now(); if (!owed.size) alive = heard; };
  const readClock = (now = document.querySelector("[data-now]")?.dataset.now) => {
    if (now) root.dataset.shift = shift = now - alive; // voice.js goes by it too
  };
  const say = (moment) => {
    const zone = document.querySelector("[data-zone]")?.dataset ?? {};
    const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone.zone };
    const time = new Date(moment + shift).toLocaleTimeString("en-GB", format).replace(":", ".");
    return [time, `${time} ${zone.zoneName ?? ""}`.trim()];
  };
  const write = (place, text) => { if (place.textContent !== text) place.textContent = text; };

  const connect = () => {
    const url = document.querySelector("[data-live]")?.dataset.live;
    source?.close();
    source = null;
    if (!url || !window.EventSource) return;
    tried = Date.now();
    source = new EventSource(url);
    source.onopen = () => {
      // What was asked on the line before may hang there for long.
      for (const part of owed) part.dispatchEvent(new Event("htmx:abort"));
      refreshAll();
      beat();
    };
    source.onmessage = ({ data, lastEventId }) => {
      const [subject, asking, line] = lastEventId.split(".").map(Number);
      for (const part of all("[data-live]")) {
        if (+part.dataset.version >= +data || (line && +(part.dataset.line ?? line) !== line)) continue;
        // In a crowd only the phone it is about asks at once; the others of its line take turns.
        if (asking < CROWD || +(part.dataset.mine ?? subject) === subject) refresh(part);
        else turn ||= setTimeout(() => { turn = 0; refreshAll(); }, Math.random() * asking * EACH);
      }
      beat();
    };
    source.addEventListener("beat", beat);
    source.addEventListener("resync", () => { refreshAll(); beat(); });
  };

  const showAge = (age) => {
    const kept = "kept" in root.dataset, stale = kept || age > QUIET;
    if (stale) {
      const [short, full] = say(alive);
      root.dataset.stale = `since ${short}`;
      for (const line of all("[data-stale-text]")) {
        const { staleText, keptText } = line.dataset;
        write(line, ((kept && keptText) || staleText).replace("{time}", full));
      }
    } else delete root.dataset.stale;
    if (age > OLD) root.dataset.old = ""; else delete root.dataset.old;
    for (const banner of all("[data-stale-banner]")) banner.hidden = !stale;
  };
  const tick = () => {
    const now = Date.now();
    alive = Math.min(alive, now); // somebody set the clock of this screen back
    const isDown = source?.readyState !== 1 || now - heard > QUIET;
    if (Math.abs(now - asked) >= (isDown || owed.size ? POLL : REFRESH)) refreshAll();
    // Also one that seems open and is silent: the line may have died without a word.
    if (isDown && now - tried >= RETRY) connect();
    showAge(now - alive);
    for (const clock of all("[data-clock]")) write(clock, say(now)[1]);
  };

  const onPart = (name, act) => document.addEventListener(`htmx:${name}`, (event) => {
    const ctx = event.detail.ctx;
    if (ctx?.sourceElement?.matches?.("[data-live]")) act(ctx, event);
  });
  onPart("config:request", ({ request, sourceElement }) => {
    request.body.set("v", sourceElement.dataset.version);
    request.timeout = LIMIT;
    owed.add(sourceElement);
  });
  onPart("before:response", ({ response, sourceElement }, event) => {
    if (response.raw.redirected) location.reload(); // signed out meanwhile
    // A proxy's error page must never take the place of the picture.
    if (response.raw.redirected || response.status >= 400) { event.preventDefault(); owed.add(sourceElement); }
    else { alive = Date.now(); owed.delete(sourceElement); delete root.dataset.kept; }
  });
  onPart("error", ({ sourceElement }) => owed.add(sourceElement));
  // Blanks around the fragment would stay on the page as text, two more with each swap.
  onPart("after:request", (ctx) => { ctx.text = ctx.text.trim(); });
  onPart("after:swap", ({ response }) => { if (response.status === 200) readClock(); tick(); });
  addEventListener("visibilitychange", () => { if (!document.hidden) refreshAll(); });
  addEventListener("online", connect);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", ({ persisted }) => { if (persisted) { connect(); refreshAll(); } });
  readClock();
  connect();
  setInterval(tick, 1_000);
})();
