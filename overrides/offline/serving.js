// Sent as sw.js while the site is served to whoever writes it: a page must be what was just written. This worker takes itself
// away, and with it whatever an earlier one has kept under the same address.
addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith(registration.scope)) await caches.delete(name);
  await registration.unregister();
})()));
