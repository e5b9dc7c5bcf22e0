// A kiosk leaves its page only for one that answers, takes and prints each number once, goes back
// to its start when nobody touches it, and has keys of its own.
(() => {
  const AGAIN = 2_000, LIMIT = 8_000; // ms between two tries, and for an answer
  const PATIENCE = 150_000; // ms: then whoever stood here has gone, and the number is withdrawn
  const find = (name) => document.querySelector(`[data-${name}]`), part = () => find("stage");
  const kiosk = () => document.querySelector(".kiosk").dataset; // home, probe, idle, warned
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  // Loaded before there is anything to touch: the browser itself would leave for a page that may
  // never come. Touched while the rest of the page is on its way, it waits for that.
  const parsed = new Promise((go) => document.addEventListener("readystatechange", go, { once: true }));
  let isBusy = false, isLeaving = false, left = 0, idle = 0;

  // Ask until somebody answers; the same form sent again has the same effect once.
  const ask = async (url, options = {}, patience = Infinity) => {
    for (const begun = Date.now(); ; await pause(AGAIN)) {
      const signal = AbortSignal.timeout(LIMIT);
      const answer = await fetch(url, { ...options, signal }).catch(() => null);
      const isCut = !answer || answer.status >= 500;
      find("cut").hidden = !isCut;
      if (!isCut) return answer;
      if (Date.now() - begun > patience) return null;
    }
  };
  const send = (form, extra, patience) => {
    const body = new URLSearchParams([...new FormData(form), ...extra]);
    // As htmx asks: a refusal then comes as a sentence, not as a page.
    return ask(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }, patience);
  };
  const leave = async () => {
    [isLeaving, left] = [true, 0];
    await ask(kiosk().probe);
    if (left <= 0) location.replace(kiosk().home); // nobody has touched it meanwhile
    isLeaving = false;
  };
  // One thing at a time; without an answer for too long the next person begins anew.
  const act = async (what) => {
    if (isBusy) return;
    isBusy = true;
    await parsed;
    const answer = await what();
    isBusy = false;
    if (!answer) leave();
  };
  const go = (url) => act(async () => {
    const answer = await ask(kiosk().probe, {}, PATIENCE);
    if (answer) location.assign(url);
    return answer;
  });
  const submit = (form, extra) => act(async () => {
    const answer = await send(form, extra, PATIENCE);
    if (answer?.headers.has("X-Refusal")) document.querySelector("#flash").innerHTML = await answer.text();
    else if (answer) location.assign(answer.redirected ? answer.url : kiosk().home);
    return answer;
  });
  const search = (line) => line.dispatchEvent(new Event("input", { bubbles: true }));
  const type = ({ form: { q }, name, value }) => {
    q.value = name === "hapus" ? q.value.slice(0, -1) : q.value + value;
    search(q);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) { event.preventDefault(); go(link.href); }
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target, by = event.submitter;
    if (["tambah", "hapus"].includes(by?.name)) type(by);
    else if (form.method === "get") go(`?${new URLSearchParams(new FormData(form))}`);
    else if (form === find("again") && part().dataset.by === "browser") putOnPaper();
    else submit(form, by?.name ? [[by.name, by.value]] : []);
  });
  // A search without an answer: said until the line is back.
  document.addEventListener("htmx:error", () => find("live") || ask(kiosk().probe, {}, PATIENCE));

  // The browser hands the paper over to the printer: then, and not before, the number counts.
  const isPrinting = () => part()?.dataset.stage === "printing";
  const putOnPaper = async ({ isOut = false } = {}) => {
    if (!isOut) print();
    if (!isPrinting()) return;
    await send(find("printed"), [], PATIENCE);
    part().dispatchEvent(new Event("stale"));
  };
  parsed.then(() => {
    if (find("printed")) {
      const { number, by } = part().dataset;
      find("printed").hidden = true; // said by the browser or the printer, not by a finger
      const isOut = sessionStorage.getItem("printed") === number; // before the page was loaded again
      if (isPrinting() && by === "browser") addEventListener("load", () => putOnPaper({ isOut }));
      sessionStorage.setItem("printed", number);
    }
    const line = document.querySelector("[type=search]"); // somebody may type before htmx listens
    if (line) document.addEventListener("htmx:after:process", () => { if (line.value !== line.defaultValue) search(line); }, { once: true });
    left = idle = Number(kiosk().idle);
    if (!idle) return; // the start itself
    let grace = PATIENCE / 1_000;
    const show = () => {
      const sentence = find("seconds");
      sentence.textContent = sentence.dataset.seconds.replace("{seconds}", Math.max(left, 0));
      find("leaving").hidden = left > Number(kiosk().warned);
    };
    for (const sign of ["pointerdown", "keydown", "wheel"]) addEventListener(sign, () => { left = idle; }, { passive: true });
    // Not earlier: once the warning is gone, the rest of the touch falls on what lies below.
    addEventListener("click", show);
    show();
    setInterval(() => {
      if (isLeaving) return;
      left = isBusy || (isPrinting() && grace-- > 0) ? idle : left - 1;
      show();
      if (left <= 0) leave();
    }, 1_000);
  });
})();
