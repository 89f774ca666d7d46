// What a page can do without, done better: a histogram that is brushed, buttons that copy, the slash that goes to the search.
"use strict";

const bars = (svg) => [...svg.querySelectorAll("a")];
const paint = (all, one, other) => {
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  all.forEach((bar, place) => bar.classList.toggle("brushed", place >= low && place <= high));
};

function narrow(all, one, other) {
  const form = document.querySelector("form.ask");
  const [first, last] = [all[Math.min(one, other)], all[Math.max(one, other)]];
  for (const [name, value] of [["from", first.dataset.since], ["to", last.dataset.until]]) {
    const field = form.elements[name];
    field.type = "text"; // an hour fits no field of days
    field.value = value;
  }
  form.requestSubmit();
}

let brush = null;
let swallow = false; // the click that ends a brush follows no link
document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest("svg[data-brush] a");
  if (!bar || event.button) return;
  const all = bars(bar.closest("svg"));
  brush = { all, start: all.indexOf(bar), end: all.indexOf(bar) };
});
document.addEventListener("pointermove", (event) => {
  if (!brush) return;
  const bar = document.elementFromPoint(event.clientX, event.clientY)?.closest("svg[data-brush] a");
  const place = brush.all.indexOf(bar);
  if (place >= 0) brush.end = place;
  if (brush.end !== brush.start) paint(brush.all, brush.start, brush.end);
});
document.addEventListener("pointerup", () => {
  const done = brush;
  brush = null;
  if (done && done.end !== done.start) {
    swallow = true;
    setTimeout(() => (swallow = false));
    narrow(done.all, done.start, done.end);
  }
});
document.addEventListener("pointercancel", () => {
  if (brush) paint(brush.all, -1, -1);
  brush = null;
});
document.addEventListener("dragstart", (event) => event.target.closest("svg[data-brush]") && event.preventDefault());

document.addEventListener("click", (event) => {
  if (swallow && event.target.closest("svg[data-brush]")) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);

let anchor = null; // where a span began that is chosen with Shift
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest("svg[data-brush] a");
  if (bar) {
    const all = bars(bar.closest("svg")), place = all.indexOf(bar);
    const along = document.dir === "rtl" ? { ArrowLeft: 1, ArrowRight: -1 } : { ArrowLeft: -1, ArrowRight: 1 };
    const next = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : place + (along[event.key] ?? NaN);
    if (all[next]) {
      event.preventDefault();
      anchor = event.shiftKey ? anchor ?? place : null;
      bar.tabIndex = -1;
      all[next].tabIndex = 0;
      all[next].focus();
      paint(all, anchor ?? -1, anchor === null ? -1 : next);
    } else if (event.key === "Enter" && anchor !== null) {
      event.preventDefault();
      narrow(all, anchor, place);
      anchor = null;
    }
    return;
  }
  const typing = event.target.closest("input, textarea, select");
  const field = document.getElementById("q");
  if (event.key === "/" && !typing && field && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.select();
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) {
    const text = document.getElementById(button.dataset.copy).textContent;
    // Refused by the browser: the text is there to be selected.
    await navigator.clipboard.writeText(text).then(() => (button.textContent = button.dataset.done), () => {});
  }
  for (const sheet of document.querySelectorAll("details.settings[open]")) {
    if (!sheet.contains(event.target)) sheet.open = false;
  }
});

if (navigator.clipboard) document.querySelectorAll("button[data-copy]").forEach((one) => (one.hidden = false));
