// The service worker: what was read can be read again without a network, and a whole language where the reader asks for it.
// It is sent as sw.js at the site's root, with ABSENT before it: by language, the page that says that a page is not kept.
//
// Two kinds of caches, named by the site's address, for other sites may share its host:
//   SCOPE        what was read: pages by their address, shared files by their address and version
//   SCOPE + "id" an edition: every file of a language by its address and the hash of its content, and the list of them
// An edition's list is put into it last: until then the list before it holds, and with it a whole set of pages of one time.
const scope = registration.scope;
const listAddress = language => `${scope}${language}/offline.json`;
const path = url => url.slice(scope.length).replace(/[?#].*/, "").replace(/(^|\/)index\.html$/, "$1");
const isPage = path => /(^|\/)$/.test(path);
const isVersioned = url => /\?\w{8}$/.test(url);
const quiet = promise => promise.catch(() => {});  // storage may be full or denied, the network gone: whoever calls has another way
const date = response => Date.parse(response.headers.get("Date"));

addEventListener("install", () => skipWaiting());
addEventListener("activate", event => {
  const preload = registration.navigationPreload;  // a page is asked for while a slow phone still starts the worker
  event.waitUntil(Promise.all([clients.claim(), preload && preload.enable()]));
});

// -- Reading -----------------------------------------------------------------------------------------------------

addEventListener("fetch", event => {
  const { method, mode, url } = event.request;
  if (method === "GET" && url.startsWith(scope)) event.respondWith((mode === "navigate" ? page : file)(event));
});

// A page comes from the network, so that what was corrected is seen at once. Where a slow line (or the server) gives no answer
// in 1.5 s, three round trips of slow 3G, the kept copy is shown; the answer is kept when it comes, and is seen at the next visit.
async function page(event) {
  const wanted = path(event.request.url), answer = network(event);
  event.waitUntil(quiet(answer));
  const copy = await quiet(kept(wanted));
  const patience = copy && new Promise(done => setTimeout(done, 1500));
  const response = await quiet(Promise.race([answer, patience || answer]));
  return response && !(copy && response.status > 499) ? response : copy || absent(wanted);
}

// A shared file of a version never changes. Others (the search's) are of the edition's time, where there is one.
async function file(event) {
  const { url } = event.request, wanted = path(url);
  const copy = await quiet(isVersioned(url) ? caches.match(url) : inEdition(wanted));
  return copy || await quiet(network(event)) || await quiet(kept(wanted)) || Response.error();
}

async function network(event) {
  const { url, destination } = event.request, response = await event.preloadResponse || await fetch(event.request);
  if (isVersioned(url) || isPage(path(url)) || destination === "image") event.waitUntil(quiet(keep(url, response.clone())));
  return response;
}

async function keep(url, response) {
  if (response.status !== 200) return;
  const cache = await caches.open(scope), key = isVersioned(url) ? url : scope + path(url);
  await cache.put(key, response);
  // two versions of a shared file are enough: the new pages' and the last pages'
  for (const old of (await cache.keys(key, { ignoreSearch: true })).slice(0, -2)) await cache.delete(old);
}

// A copy of a file: of the edition, or what was read since; else any version that there is.
async function kept(wanted) {
  const read = await caches.match(scope + wanted, { cacheName: scope, ignoreSearch: true });
  return await inEdition(wanted, read) || read || caches.match(scope + wanted, { ignoreSearch: true });
}

async function inEdition(wanted, read) {
  for (const language in ABSENT) {
    const list = await listed(language), hash = list && list.files[wanted];
    if (hash && !(read && date(read) > list.date)) return caches.match(`${scope}${wanted}?${hash}`, { cacheName: scope + language });
  }
}

async function listed(language) {
  const response = await caches.match(listAddress(language), { cacheName: scope + language });
  return response && { date: date(response), ...await response.json() };
}

// No network, and not kept: say so, and lead to what is kept.
async function absent(wanted) {
  if (await quiet(kept(`${wanted}/`))) return Response.redirect(`${scope}${wanted}/`);
  const languages = Object.keys(ABSENT), language = languages.find(each => wanted.startsWith(`${each}/`)) || languages[0];
  const body = ABSENT[language].replace("<ul>", `<ul>${await quiet(links()) || ""}`);
  return new Response(body, { status: 503, headers: { "Content-Type": "text/html;charset=utf-8" } });
}

// The home pages of the editions, and what was read last.
async function links() {
  const read = (await (await caches.open(scope)).keys()).map(({ url }) => path(url)).filter(isPage).slice(-20).reverse(), homes = [];
  for (const language in ABSENT) if (await listed(language)) homes.push(`${language}/`);
  return (await Promise.all([...new Set(homes.concat(read))].map(async each => {
    const title = (await (await kept(each)).text()).match(/<title>([^<]*)/)[1];
    return `<li><a href="${scope}${each}" lang="${each.split("/")[0]}">${title}</a>`;
  }))).join("");
}

// -- Saving ------------------------------------------------------------------------------------------------------

const running = {};  // by language, while an edition is fetched: the fetching, which ends when it is taken away

addEventListener("message", event => event.waitUntil(quiet(answer(event.data))));

// A page says which files it was made of, where no worker saw them come; and what its reader wants, on the page "offline".
// Whatever page it is, editions that there are, whole or not, are brought up to date.
async function answer({ want, language, read }) {
  for (const url of read) {
    if (url.startsWith(scope) && (isVersioned(url) || isPage(path(url)))) await quiet(keep(url, await fetch(url, { cache: "force-cache" })));
  }
  if (want === "remove") {
    const list = await quiet(listed(language));
    delete running[language];
    await caches.delete(scope + language);
    return tell(language, list ? "removed" : "stopped", list);
  }
  for (const each in ABSENT) {
    const ours = each === language;
    if (ours && want === "save" || await quiet(caches.has(scope + each))) await (running[each] || update(each)).end;
    else if (ours && want === "show") await fetch(listAddress(each)).then(async found => tell(each, "none", await found.json()), () => tell(each, "offline"));
  }
}

async function tell(language, state, more) {
  for (const client of await clients.matchAll()) client.postMessage({ ...more, files: undefined, language, state });
}

function update(language) {
  const run = running[language] = {};
  run.end = save(language, () => running[language] === run).catch(error => /Quota|Security/.test(error.name) ? "full" : "paused").then(async state => {
    if (running[language] !== run) return;
    const list = await quiet(listed(language));
    delete running[language];
    await tell(language, list ? "saved" : state, list);
  });
  return run;
}

// Fetch what the list has and the edition has not; what fails is fetched at the next visit.
async function save(language, isWanted) {
  const cache = await caches.open(scope + language), response = await fetch(listAddress(language), { cache: "no-cache" });
  const list = await response.clone().json(), urls = Object.entries(list.files).map(([path, hash]) => `${scope}${path}?${hash}`);
  const wanted = new Set(urls), held = new Set((await cache.keys()).map(({ url }) => url));
  const missing = urls.filter(url => !held.has(url)).reverse(), total = urls.length;
  let done = total - missing.length;
  const fetching = async () => {
    while (missing.length && isWanted()) {
      const url = missing.pop(), found = await quiet(fetch(url, { cache: "no-store" }));
      if (!found || found.status !== 200 || found.redirected) continue;
      await cache.put(url, found).then(() => ++done, error => { if (error.name !== "NetworkError") throw error; });
      if (isWanted()) await tell(language, "saving", { ...list, done, total });
    }
  };
  await Promise.all([1, 2, 3, 4].map(fetching));
  if (done < total || !isWanted()) return "paused";
  await cache.put(listAddress(language), response);
  for (const url of held) if (!wanted.has(url) && url !== listAddress(language)) await cache.delete(url);
}
