// The search's interface: a dialog on every page, a field on the search page, which holds the words and the form for both.
// scripts/search.js loads it when someone searches; what finds (worker.js) is loaded when a field is entered.
const page = document;
const all = (selector, within = page) => [...within.querySelectorAll(selector)];
const opener = page.querySelector(".find");
const home = opener.href.split("#")[0];
const make = (name, text, href) => {
  const element = page.createElement(name);
  if (text) element.textContent = text;
  if (href) element.href = href;
  return element;
};
const start = form => {
  const told = form.dataset, [field, said, list, others] = form.querySelectorAll("input,[role=status],ol,.search-others");
  const links = all("a", others);
  for (const link of links) link.there = new URL(link.getAttribute("href"), home);
  let worker, asked = 0, timer;
  const say = text => { said.textContent = text; };
  const work = () => {
    if (worker) return;
    worker = new Worker(new URL(told.index, home) + "worker.js");
    worker.onmessage = ({data}) => data.asked === asked && show(data);
    worker.onerror = () => show({failed: true});
    worker.postMessage({language: told.language, skipped: told.skipped.split(" ")});
  };
  const place = ({url, title, sentence}) => {
    const link = make("a", title, url), line = make("span");
    sentence.forEach((text, number) => line.append(number % 2 ? make("mark", text.trim()) : text, number % 2 ? " " : ""));
    link.append(line);
    return link;
  };
  const show = ({failed, results = [], total, from, corrected}) => {
    if (!from) list.replaceChildren();
    for (const {url, title, study, places} of results) {
      const item = make("li"), line = make("p");
      line.append(make("a", title, url), study ? " · " + study : "");
      item.append(line, ...places.map(place));
      list.append(item);
    }
    say(failed ? told.failed : total ? `${corrected.length ? `${told.corrected} ${corrected.join(", ")}. ` : ""}${total} ${told.found}` : told.none);
    others.hidden = total > 0;
    form.classList.toggle("searched", total > 0);
    for (const link of links) link.href = link.there + (link.hreflang ? "?q=" + encodeURIComponent(field.value) : "");
    if (list.children.length < total) {
      const more = make("button", told.more);
      more.type = "button";
      more.onclick = () => { more.parentNode.remove(); ask(list.children.length); };
      const item = make("li");
      item.append(more);
      list.append(item);
    }
  };
  const ask = (from = 0) => {
    clearTimeout(timer);
    form.classList.toggle("searched", field.value.trim());
    if (field.value.trim()) {
      work();
      say(told.searching);
      worker.postMessage({asked: ++asked, words: field.value, from});
    } else {
      ++asked;
      list.replaceChildren();
      say("");
      others.hidden = true;
    }
  };
  field.onfocus = work;
  field.oninput = () => { clearTimeout(timer); timer = setTimeout(ask, 250); };
  form.onsubmit = event => { event.preventDefault(); ask(); };
  form.onkeydown = event => {
    const dialog = form.closest("dialog");
    if (event.key === "Escape" && dialog) { // would empty the field first
      event.preventDefault();
      dialog.close();
    }
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key], stops = [field, ...all("a,button", list)], at = stops.indexOf(page.activeElement);
    if (step && at + step in stops && at >= 0) {
      event.preventDefault();
      stops[at + step].focus();
    }
  };
  return {field, ask};
};
const here = page.querySelector("form.search");
export let open;
if (here) {
  const {field, ask} = start(here);
  const share = () => history.replaceState(null, "", field.value ? "?q=" + encodeURIComponent(field.value) : home);
  field.addEventListener("input", share);
  open = () => field.focus();
  field.value ||= new URLSearchParams(location.search).get("q") || ""; // on a slow line someone has written before this came
  if (field.value) share(), ask();
} else {
  let dialog, field;
  open = async () => {
    if (!dialog) {
      dialog = make("dialog");
      dialog.className = "finder";
      dialog.ariaLabel = opener.textContent.trim();
      const close = make("button", "×");
      close.type = "button";
      dialog.append(close);
      const waiting = make("p", "…");
      dialog.append(waiting);
      close.onclick = () => dialog.close();
      dialog.onclick = ({target}) => { if (target === dialog || target.closest("a")) dialog.close(); };
      page.body.append(dialog);
      try {
        const [part] = (await (await fetch(home)).text()).match(/<form[^>]*\bsearch\b[^]*?<\/form>/); // parsed whole, its styles would ask this page's policy
        const form = new DOMParser().parseFromString(part, "text/html").querySelector("form");
        close.ariaLabel = form.dataset.close;
        waiting.replaceWith(form);
        field = start(form).field;
      } catch {
        location.href = home;
      }
    }
    if (!dialog.open) dialog.showModal();
    if (field) field.focus(), field.select();
  };
}
