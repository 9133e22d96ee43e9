// Offline: a worker (overrides/offline/worker.js) keeps what is read. On the page "offline" the reader has it keep the whole language.
const workers = navigator.serviceWorker, file = page.currentScript.src, control = page.querySelector(".offline");
const ask = async (want, read = []) => (await workers.ready).active.postMessage({ want, read, language: page.documentElement.lang });
const show = state => { for (const part of all("[data-on]", control)) part.hidden = !part.dataset.on.split(" ").includes(state); };
const start = async () => {
  const loaded = workers.controller ? [] : performance.getEntriesByType("resource").map(({ name }) => name).concat(location.href);
  await workers.register(new URL("../sw.js", file), { updateViaCache: "all" });
  ask(control && "show", loaded);
  // who comes back sees the site's sign and may install it; at a first visit they would be two more files to fetch
  if (!loaded.length) {
    page.querySelector("[rel=icon]").href = new URL("icon.svg", file);
    page.head.append(Object.assign(page.createElement("link"), { rel: "manifest", href: new URL(`../${page.documentElement.lang}/manifest.webmanifest`, file) }));
  }
};
const denied = () => { if (control) show("denied"); };
// not before the page is there and at rest: nothing of this is needed to read it
if (workers) addEventListener("load", () => (self.requestIdleCallback || setTimeout)(() => start().catch(denied)));
else denied();
if (workers && control) {
  let again;
  workers.addEventListener("message", ({ data }) => {
    if (data.language !== page.documentElement.lang) return;
    for (const part of all("[data-value]", control)) part.textContent = data[part.dataset.value];
    Object.assign(control.querySelector("progress"), { max: data.total || 1, value: data.done || 0 });
    show(data.state);
    clearTimeout(again);  // a browser may end a worker at its work: a word from the page, and it goes on
    if (/saving|paused|offline/.test(data.state)) again = setTimeout(ask, 9999, "show");
  });
  for (const button of all("button", control)) button.addEventListener("click", () => {
    const { storage } = navigator;
    ask(button.value);
    control.focus();
    if (storage && storage.persist) storage.persist();
  });
}
