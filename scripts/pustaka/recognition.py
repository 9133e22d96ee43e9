"""Which language a text is in, told by its commonest words, of the languages that there are words for."""

from __future__ import annotations

import re

from pustaka.lexicon import ENGLISH, INDONESIAN, words

#: The small words of each language, by its BCP 47 tag; a text has few without some of them. No word is in two lists.
FUNCTION_WORDS = {
    "id": INDONESIAN
    | words(
        """
        ada adakah adapun agar akan amat anda antara apa apakah atas atau bagaimana bagi bahkan banyak beberapa belum berbagai beserta
        bila bisa boleh bukan cara dahulu demi demikian dia dua empat enam hal hampir hanya harus hingga ia ialah jadi jika justru kalau kami
        karena karenanya ke kemudian kepada ketika kini kita lagi lain lainnya lalu lebih lewat lima maka makin mana masih masing maupun melalui
        melainkan memang mengapa menjadi menurut mereka meski meskipun misalnya namun nya oleh orang pernah pula pun punya saat saja
        saling sambil sampai sang sangat satu saya seberapa sebuah secara sedang sedangkan segala sehingga sejak sejauh selain selama seluruh
        semua semula seorang seperti sering serta sesuai sesudah sesuatu setelah setiap siapa suatu sudah supaya tanpa telah tentang
        terhadap termasuk ternyata tersebut tetap tetapi tiap tiga untuknya walau yaitu yakni
        """
    ),
    "en": ENGLISH
    | words(
        """
        about above after all also although among an and any are at because been before being below between both but by can could did
        do does done during each either every few first five for four from had has have he her here his how however if into is it its itself
        least less many may might more most much must no nor not on once one only or other others our out over own rather same shall
        she should since six so some such than that the their them themselves then there these they this those though three through thus
        to together two under until up upon us very was we were what when where whether which while who whom whose why will with
        within without would yet you your
        """
    ),
}

#: So many of a language's words a text must have to be known for it, and so many for each one of any other language's:
#: a text that quotes the other language, or is about its words, is left undecided.
_FEWEST, _TIMES = 2, 3

_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """The language's tag, or "" when that cannot be told: the text is short, mixed, or in a language without a list.

    Names and words from the other language ("pemasaran online", "a *skripsi*") are no function words, and do not count.
    """
    found = _WORD.findall(text.casefold())
    counts = {tag: sum(word in listed for word in found) for tag, listed in FUNCTION_WORDS.items()}
    likeliest = max(counts, key=counts.__getitem__)
    others = sum(counts.values()) - counts[likeliest]
    return likeliest if counts[likeliest] >= max(_FEWEST, _TIMES * others) else ""
