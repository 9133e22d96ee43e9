/* Glossary terms: pointed at, focused or tapped, a term shows its meaning; the glossary's page is asked for it the first time.
   A second tap, a click and Enter follow the link, as every tap does without a network. */
const card = made("span", "entry-card term-card", ""), name = made("b", "", ""), more = made("a", "", "");
card.id = "meaning";
let glossary, shown, ready, tapped;
const hide = () => {
  if (shown) shown.removeAttribute("aria-describedby");
  shown = card.remove();
};
const fill = async term => {
  glossary = glossary || fetch(term.href).then(answer => answer.text()).then(text => text.slice(text.indexOf("<main")));
  const text = await glossary.catch(() => glossary = "");
  const entry = new DOMParser().parseFromString(text, "text/html").getElementById(term.hash.slice(1));
  if (entry && shown === term) {
    for (const other of all("dt a, p", entry)) other.remove();
    name.replaceChildren(...entry.querySelector("dt").childNodes);
    more.textContent = words.open_glossary;
    more.href = term.href;
    card.replaceChildren(name, " – ", ...entry.querySelector("dd").childNodes, more);
    term.after(card);
    term.setAttribute("aria-describedby", card.id);
  }
  return entry;
};
const point = (term, away) => {
  if (term && term !== shown) {
    hide();
    ready = fill(shown = term);
  } else if (away && page.activeElement !== shown) hide();
};
const acts = {
  mouseover: point,
  focusin: point,
  pointerdown(term, away, event) {
    tapped = event.pointerType !== "mouse" && term !== shown && term;
    if (away) hide();
  },
  click(term, away, event) {
    if (!term || tapped !== term) return;
    event.preventDefault();
    tapped = point(term);
    ready.then(entry => entry || location.assign(term.href));
  },
  keydown(term, away, event) { if (event.key === "Escape") hide(); },
};
for (const type in acts) page.addEventListener(type, event => {
  const term = event.target.closest(".term");
  acts[type](term, !term && !card.contains(event.target), event);
});
