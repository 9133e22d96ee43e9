/* Read aloud: the device's own voice reads the title and the text, sentence by sentence (long utterances break off in Chrome).
   Where no voice speaks the page's language there is no button. */
const box = page.querySelector(".toc"), speech = self.speechSynthesis;
if (box && speech) {
  const bar = made("div", "speech", "");
  const [play, end] = [words.read_aloud, words.stop].map(word => bar.appendChild(made("button", "", word)));
  let voice, queue, block, utterance;
  /* The language of a tag as it is written today: Android says "in_ID" or "ind_IDN" for "id". */
  const language = tag => Intl.getCanonicalLocales(tag.split(/[-_]/)[0] || "und")[0];
  const sentences = block => {
    const copy = block.cloneNode(true);
    for (const other of all("p, ul, ol, .heading-links, .entry-card", copy)) other.remove();
    for (const cite of all(".citation", copy)) cite.textContent = cite.textContent.replace(/ ?\(.*?\)/g, "");
    const text = copy.textContent.replace(/\s+/g, " ").replace(/ (?=[.,;:?!])/g, "");
    return (text.match(/\S.*?[.?!]["”’)]*(?= [^a-z]|$)|\S.*/g) || []).map(text => [block, text]);
  };
  /* Silent; the first button says what it does next. */
  const wait = label => {
    utterance = speech.cancel();
    play.textContent = label;
    end.hidden = label === words.read_aloud;
    bar.className = end.hidden ? "speech" : "speech speaking";
  };
  const next = () => {
    const [[to, text] = []] = queue;
    if (to !== block) {
      block?.classList.remove("spoken");
      to?.classList.add("spoken");
      to?.scrollIntoView({ block: "center" });
      block = to;
    }
    if (!to) return wait(words.read_aloud);
    const own = utterance = new SpeechSynthesisUtterance(text);
    own.voice = voice;
    own.lang = voice.lang;
    own.onerror = () => own === utterance && finish();
    own.onend = () => own === utterance && next(queue.shift());
    speech.speak(own);
  };
  const finish = () => next(queue = []);
  play.onclick = () => {
    if (utterance) return wait(words.resume);
    if (!block) queue = all("h1, .deck, .text :is(h2, h3, p, li, th, td, figcaption):not(section *, .reference-list *)").flatMap(sentences);
    wait(words.pause);
    next();
  };
  end.onclick = () => { finish(); play.focus(); };
  end.hidden = true;
  addEventListener("pagehide", finish);
  (speech.onvoiceschanged = () => {
    const voices = speech.getVoices().filter(one => language(one.lang) === language(page.documentElement.lang));
    voice = voices.find(one => one.localService) || voices[0];
    if (voice && !bar.isConnected) box.prepend(bar);
  })();
}
