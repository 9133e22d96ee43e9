// Copy buttons; a live region says what happened.
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
for (const button of all(".copy")) {
  const label = button.querySelector(".copy-label"), words = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(button.dataset.copy);
    button.focus();
    label.textContent = said.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = words; said.textContent = ""; }, 2500);
  });
}
