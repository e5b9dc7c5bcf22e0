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
    const known = [read()].flat();
    for (const box of boxes) box.checked = known.includes(box.value);
    list.addEventListener("change", () => show(write(boxes.filter((box) => box.checked).map((box) => box.value))));
    show(write(known));
  }
})();
