// Remembers on this device which requirements somebody has ready, by their words: a list that
// is edited later keeps the marks that still mean the same.
(() => {
  for (const list of document.querySelectorAll("[data-checklist]")) {
    const key = `checklist-${list.dataset.checklist}`;
    const boxes = [...list.querySelectorAll("input[type=checkbox]")];
    const note = list.querySelector("[data-checklist-note]");
    const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; } };
    const write = (ready) => { try { localStorage.setItem(key, JSON.stringify(ready)); return true; } catch { return false; } };
    const show = (isKept) => {
      if (!note) return;
      const ready = boxes.filter((box) => box.checked).length;
      note.textContent = note.dataset.checklistNote.replace("{ready}", ready).replace("{all}", boxes.length);
      note.hidden = !isKept;
    };
    const known = [read()].flat(), others = known.filter((word) => !boxes.some((box) => box.value === word));
    const keep = () => show(write([...others, ...boxes.filter((box) => box.checked).map((box) => box.value)]));
    // A box that is no longer as it came was touched before this script was there: so it was meant.
    for (const box of boxes) if (box.checked === box.defaultChecked) box.checked ||= known.includes(box.value);
    list.addEventListener("change", keep);
    keep();
  }
})();
