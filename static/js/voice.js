// Speaks the calls a board lists in #suara: each announcement once, a chime and the sentence, then
// the sentence again, one call after the other. From our own clips, or by a voice of the device.
(() => {
  const FRESH = 20_000, PATIENT = 60_000; // ms: the age of a call when heard of, and when its turn comes
  const CROWD = 3; // when so many wait behind it, a call is said once
  const KEPT = 60, STUCK = 15_000, SLOW = 0.75;
  const root = document.documentElement;
  const memory = `spoken ${location.pathname}${location.search}`;
  const players = [new Audio(), new Audio()]; // one speaks while the other loads what follows
  const [on, again] = ["on", "again"].map((name) => document.querySelector(`[data-sound-${name}]`));
  let queue = [], current = "", isBlocked = false, kept = [];
  const board = () => document.getElementById("board").dataset;
  const chime = () => document.getElementById("suara").dataset.chime;
  const now = () => Date.now() + Number(root.dataset.shift ?? 0); // as the server's clock goes
  const isFresh = ({ at }) => now() - at <= FRESH;
  const isRefused = ({ name }) => name === "NotAllowedError"; // browsers want a touch before sound
  const listed = () => [...document.querySelectorAll("[data-call]")].map(({ dataset, textContent }) => ({
    key: dataset.call,
    at: Number(dataset.at),
    rate: "slow" in dataset ? SLOW : 1,
    first: [root.lang, textContent, dataset.clips.split(" ")],
    second: board().second && dataset.english && ["en", dataset.english, dataset.englishClips.split(" ")],
  }));
  // What was spoken outlives a reload; without storage at least a new picture.
  const spoken = () => { try { return JSON.parse(localStorage.getItem(memory)) ?? kept; } catch { return kept; } };
  const remember = (key) => {
    kept = [...spoken(), key].slice(-KEPT);
    try { localStorage.setItem(memory, JSON.stringify(kept)); } catch { /* private mode */ }
  };
  const ended = (player) => new Promise((done, fail) => {
    const timer = setTimeout(done, STUCK);
    player.onended = () => { clearTimeout(timer); done(); };
    player.onerror = fail;
    player.play().catch(fail);
  });
  const play = async (clips, rate = 1) => {
    const load = (at) => Object.assign(players[at % 2], { src: clips[at], defaultPlaybackRate: rate, playbackRate: rate });
    load(0);
    for (const at of clips.keys()) {
      const end = ended(players[at % 2]);
      if (at + 1 < clips.length) load(at + 1);
      await end;
    }
  };
  const say = ([language, words, clips], rate) => {
    const isOurs = ({ lang, localService }) => localService && lang.toLowerCase().startsWith(language);
    const voice = board().voice === "browser" && window.speechSynthesis?.getVoices().find(isOurs);
    if (!voice) return play(clips, rate);
    return new Promise((done) => {
      const utterance = new SpeechSynthesisUtterance(words);
      Object.assign(utterance, { voice, lang: voice.lang, rate: 0.9 * rate, onend: done, onerror: done });
      setTimeout(done, 2 * STUCK);
      window.speechSynthesis.speak(utterance);
    });
  };
  const speak = async ({ key, rate, first, second, isAgain }) => {
    // A sentence with a word missing would send people to the wrong counter: all clips or none.
    const clips = [...new Set([chime(), ...first[2], ...(second ? second[2] : [])])];
    const answers = await Promise.all(clips.map((clip) => fetch(clip)));
    if (!answers.every(({ ok }) => ok)) return;
    remember(key);
    await play([chime()]);
    await say(first, rate);
    if (isAgain || queue.length >= CROWD) return;
    await say(first, rate);
    if (second) await say(second, rate);
  };
  const next = async () => {
    on.hidden = !isBlocked;
    if (current || isBlocked || !queue.length) return;
    const call = queue.shift();
    current = call.key;
    if (call.isAgain || now() - call.at <= PATIENT) await speak(call).catch((error) => { isBlocked = isRefused(error); });
    if (isBlocked) queue.unshift(call);
    current = "";
    next();
  };
  const look = () => {
    const calls = board().voice === "silent" ? [] : listed();
    again.hidden = !calls.length;
    // Undone or answered before its turn: no longer listed, no longer said.
    queue = queue.filter(({ key }) => calls.some((call) => call.key === key));
    const known = [...spoken(), ...queue.map(({ key }) => key), current];
    queue.push(...calls.filter((call) => isFresh(call) && !known.includes(call.key)));
    next();
  };
  const repeat = () => {
    const latest = listed().at(-1);
    if (again.hidden || !latest || queue.some(({ isAgain }) => isAgain)) return;
    queue.push({ ...latest, rate: SLOW, isAgain: true });
    next();
  };
  // Both players are used at once by hand, which some browsers ask of each of them.
  const touch = async (volume) => {
    for (const player of players) Object.assign(player, { src: chime(), volume });
    current = "touch";
    const [answer] = await Promise.allSettled(players.map((player) => (volume < 1 ? player.play() : ended(player))));
    isBlocked = answer.status === "rejected" && isRefused(answer.reason);
    for (const player of players) { player.pause(); player.volume = 1; }
    current = "";
    queue = queue.filter(isFresh);
    look();
  };
  on.addEventListener("click", () => touch(1));
  again.addEventListener("click", repeat);
  document.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => { if (key === "u" && !ctrlKey && !metaKey) repeat(); });
  document.addEventListener("htmx:after:swap", look);
  // Asked at the start, by a chime nobody hears: the button must not wait for the first call.
  if (board().voice === "silent") look(); else touch(0.001);
})();
