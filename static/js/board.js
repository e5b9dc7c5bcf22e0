// Turns the sheets of waiting counts, one every ten seconds. The sheet is named on <html>, out of
// reach of the fragments that replace the board, and nothing slides.
(() => {
  const PERIOD = 10_000;
  let sheet = 0;
  setInterval(() => {
    const sheets = document.querySelectorAll(".board .sheet").length;
    sheet = sheets > 1 ? (sheet + 1) % sheets : 0;
    document.documentElement.dataset.sheet = String(sheet + 1);
  }, PERIOD);
})();
