// Search: its interface (overrides/search/dialog.js) is loaded when someone searches, and on the search page.
const opener = page.querySelector(".find"), interface_ = new URL("../pagefind/dialog.js", page.currentScript.src);
if (opener && window.Worker && window.HTMLDialogElement) {
  const search = () => import(interface_).then(({ open }) => open(), () => { location.href = opener.href; });
  if (page.querySelector("form.search")) import(interface_);
  else opener.addEventListener("click", event => { if (!event.ctrlKey && !event.metaKey) { event.preventDefault(); search(); } });
  addEventListener("keydown", event => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey) || event.key === "/" && !event.target.closest("input,textarea,select")) {
      event.preventDefault();
      search();
    }
  });
}
