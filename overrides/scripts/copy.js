// Copy buttons, made here, where they work: behind whatever has `data-copy` (its value, or the term before it, says what it is), and among
// the links of a heading, with its citation (`data-cite`) and its address. A live region says what happened.
const said = page.createElement("p");
said.className = "unseen";
said.role = "status";
page.body.append(said);
const copy = async text => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = page.createElement("textarea");
  field.value = text;
  page.body.append(field);
  field.select();
  page.execCommand("copy");
  field.remove();
};
const button = (name, text, word, what) => {
  const button = made("button", name, ""), label = made("span", "copy-label", word);
  button.type = "button";
  button.append(label, made("span", "unseen", ` ${what}`));
  button.addEventListener("click", async () => {
    await copy(text);
    button.focus();
    label.textContent = said.textContent = words.copied;
    setTimeout(() => { label.textContent = word; said.textContent = ""; }, 2500);
  });
  return button;
};
for (const shown of all("[data-copy]:not(script)")) {
  const term = shown.closest("div")?.querySelector("dt");
  shown.after(" ", button("copy", shown.textContent.replace(/\s+/g, " ").trim(), words.copy_button, `(${shown.dataset.copy || term.textContent})`));
}
// A heading's links: to itself, which is the address to pass on, then the button, then the one that is there without a script, to the other language.
for (const links of all(".heading-links")) {
  const heading = links.parentElement, what = [...heading.childNodes].slice(0, -1).map(node => node.textContent).join("");
  const hash = "#" + encodeURI(heading.id), link = made("a", "", "#"), cited = links.dataset.cite;
  heading.ariaLabel = what; // read out without its links
  link.href = hash;
  link.ariaLabel = `${words.heading_link}: ${what}`;
  if (cited) links.prepend(button("copy cite-finding", `${cited} ${page.querySelector("[rel=canonical]").href}${hash}`, words.cite_finding, `${words.cite_finding_what}: ${what}`));
  links.prepend(link);
}
// A numbered finding's: its short address, and its citation with it, as it stands in the block.
for (const link of all(".finding .admonition-title a")) {
  const address = new URL(link.getAttribute("href"), page.querySelector("[rel=canonical]").href).href;
  const cited = all(".citation", link.closest("div")).map(shown => {
    const citation = shown.cloneNode(true);
    for (const card of all(".entry-card", citation)) card.remove();
    return citation.textContent;
  });
  link.after(button("copy", address, words.copy_link, link.textContent), button("copy", [...cited, address].join(" "), words.cite_finding, `${words.cite_finding_what}: ${link.textContent}`));
}
