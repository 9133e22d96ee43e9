"""The borders of the rules on manuscripts; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

from datetime import date
from itertools import product
from time import perf_counter

import pytest

from pustaka import manuscript
from pustaka.rules import check_manuscript

REFERENCES = """
al-Bahri, S. (2015). *Laut*. Pustaka.

Badan Pusat Statistik. (2019). *Desa*. BPS.

Hefron, M. (2012). Pengetahuan lokal. *Jurnal Contoh*, *14*(2), 131–141. https://doi.org/10.5555/contoh.1

Lestari, I., Utami, N., & Wibowo, J. (2018). *Tanah*. Pustaka.

*Hasil pencarian—Kamus Daring*. (t.t.). Diambil 6 Desember 2020, dari https://contoh.id/entri

Sari, D., & Putra, A. (2020). *Kebun*. Pustaka.

Sari, D. (2021a). *Air*. Pustaka.

Sari, D. (2021b). *Batu*. Pustaka.
"""
ALL_CITED = (
    "Satu (al-Bahri, 2015; Badan Pusat Statistik, 2019; Hefron, 2012, hlm. 135; Lestari dkk., 2018; Sari, 2021a, 2021b; Sari & Putra, 2020). "
    "Dua (*Hasil pencarian—Kamus Daring*, t.t.)."
)


TWO = ["".join(pair) for pair in product("bdghjklmnprstw", "aiu")][:25]


def found(body, references=REFERENCES):
    """The findings on a text, as (code, quoted suggestion)."""
    text = f"{body}\n\n# Daftar Pustaka\n{references}"
    return check_manuscript(manuscript.read(text, "naskah.md", date(2026, 1, 1)))


def codes(body, references=REFERENCES):
    """The codes of what is found in a text that otherwise cites every reference rightly."""
    in_order = [finding for finding in found(f"{ALL_CITED}\n\n{body}", references) if finding.code != "M715"]
    return [finding.code for finding in in_order]


@pytest.mark.parametrize(
    "body",
    [
        "Sari dan Putra (2020) menulis.",
        "Menurut D. Sari & A. Putra (2020), begitu.",
        "Begitu (Lestari, Utami, & Wibowo, 2018).",
        "Lestari, Utami, dan Wibowo (2018) menulis.",
        "Lestari et al. (2018) menulis.",
        "Menurut Badan Pusat Statistik (2019), begitu.",
        "Begitu (Badan Pusat Statistik [BPS], 2019), lagi (BPS, 2019).",
        "Begitu (Al-Bahri, 2015).",
        "Begitu (hefron 2012 tidak dikutip).",
        "Hefron (2012, hlm. 131–141) menulis.",
        "Freire (1970) dalam Hefron (2012) menulis.",
        "Begitu (Freire, 1970, dalam Hefron, 2012).",
        "Seperti dikatakan oleh Freire dalam Sari dan Putra bahwa begitu.",
        "Begitu (Wirawan, komunikasi pribadi, 3 Juni 2020).",
        "Sumber: Data primer diolah, 2020",
        "Sumber: Hefron (2012)",
        "Sumber: Hefron, 2012",
        "Kongres Pemuda (1928) usai; pandemi COVID-19 (2020) juga.",
        "Pada tahun (2020) begitu; lihat Tabel 1 (2019).",
        "Undang-Undang Nomor 6 Tahun 2014 (UU Desa) begitu.",
        "1) satu; 2) dua (bab 3).",
        "Begitu (Sari & Putra, 2020), begitu “(Sari & Putra, 2020)”.",
        "Rumus normal(150, 50) dan pilih(N = 100, m = 40).",
        "Begitu (Hefron, 2012)¹ dan seterusnya.",
        "Begitu (“Hasil,” t.t.).",
        "Titik itu (530000, 180000) di peta.",
        "Begitu (Sensus 2010), sebab sensus itu lengkap.",
        "Begitu (Asian Games 2018).",
        "Begitu (RPJMD 2018).",
        "Begitu (Hefron, 2012, p.p. 135).",
        "![Gambar (diambil dari https://contoh.id/a (1982))](a.png)",
    ],
)
def test_what_is_right_is_left_alone(body):
    assert codes(body) == []


@pytest.mark.parametrize(
    "body, code",
    [
        ("Begitu (Wirawan, 2016).", "M701"),
        ("Menurut Wirawan (2016), begitu.", "M701"),
        ("Begitu (Wirawan 2016).", "M701"),
        ("Begitu (Wirawan & Utami 2016).", "M701"),
        ("Begitu (Hefron, 2012; Wirawan 2016).", "M701"),
        ("Hasil ini mendukung Wirawan (2016).", "M701"),
        ("This contradicts Wirawan (2016).", "M701"),
        ("Selain itu Wirawan (2016) pula.", "M701"),
        ("Namun Wirawan (2016) lain.", "M701"),
        ("| Wirawan (2016) | x |\n|---|---|\n| y | z |", "M701"),
        ("Begitu (Hefron,2016).", "M702"),
        ("Begitu Hefron [2016] saja.", "M702"),
        ("Begitu (Dr. Hefron, 2012).", "M709"),
        ("Begitu (Hefron dalam Wirawan, 2016).", "M711"),
        ("Begitu (Hefron, 2021).", "M702"),
        ("Begitu (Sari, 2021).", "M702"),
        ("Begitu (Sari, 2021c).", "M702"),
        ("Begitu (Hefren, 2012).", "M703"),
        ("Begitu (Sari & Putri, 2020).", "M703"),
        ("Begitu (Sari, 2020).", "M703"),
        ("Begitu (Sari dkk., 2020).", "M703"),
        ("Begitu (Putra & Sari, 2020).", "M703"),
        ("Begitu (Hefron dkk., 2012).", "M703"),
        ("Begitu (Hefron, 20129).", "M706"),
        ("Begitu (Hefron, 2O12).", "M706"),
        ("Begitu (Hefron, 2012, hlm. 142).", "M707"),
        ("Begitu (Hefron, 2012, hlm. 130–132).", "M707"),
        ("Begitu (al-Bahri, 2015, hlm. 45–40).", "M707"),
        ("Begitu (Hefron, 2012, hlm. hlm. 135).", "M708"),
        ("Begitu (Hefron, 2012, p. Hal: 135).", "M708"),
        ("Freire (1970) dalam Wirawan (2016) menulis.", "M711"),
        ("Seperti dikatakan oleh Freire dalam Wirawan bahwa begitu.", "M711"),
        ("According to Freire, as cited in Wirawan, so it is.", "M711"),
        ("Sumber: Wirawan (2016)", "M712"),
        ("Begitu(Hefron, 2012).", "M717"),
        ("Begitu (Hefron, 2012)lagi.", "M717"),
        ("Begitu.(Wirawan, komunikasi pribadi, Mei 2020)", "M717"),
        ("Begitu (Hefron, 2012 lagi.", "M718"),
        ("Begitu Hefron, 2012) lagi.", "M718"),
        ("Begitu (Hefron, 2012] lagi.", "M718"),
        ("Begitu ((Hefron, 2012) lagi.", "M718"),
        ("Begitu (Hefron 2012 yang menulis banyak.", "M718"),
        ("Begitu (Hefron, 2012. Lalu begini (lihat di sana) dan lagi.", "M718"),
    ],
)
def test_each_slip_is_found_once(body, code):
    assert codes(body) == [code]


def test_a_misspelt_citation_is_one_finding():
    (finding,) = found("Satu (Febrianto & Arif, 2018).", "\nFebriantoro, M. T., & Arif, D. (2018). *Pasar*. Pustaka.\n")
    assert (finding.code, finding.suggestion, finding.key) == ("M703", "Febriantoro & Arif, 2018", "Febriantoro 2018")


@pytest.mark.parametrize(
    "reference, code",
    [
        ("Zulkarnain, A. (2031). *Kelak*. Pustaka.", "M706"),
        ("Zulkarnain, A., S.Pd., M.Si. (2019). *Gelar*. Pustaka.", "M709"),
        ("Statistik, B. P. (2019). *Desa lain*. Pustaka.", "M710"),
        ("Zulkarnain, A. (2019). *Laman*. https//contoh.id/a", "M713"),
        ("Zulkarnain, A. (2019). *Laman*. https:/contoh.id/a", "M713"),
        ("Zulkarnain, A. (2019). *Laman*. https://www,contoh.id/a", "M713"),
        ("Zulkarnain, A. (2019). *Laman*. https://doi.org/1O.5555/contoh.2", "M713"),
        ("Zulkarnain, A. (2019). *Laman*. https://doi.org/https://doi.org/10.5555/contoh.2", "M713"),
        ("Zulkarnain, A. (2019). [Laman](http:/contoh.id/a).", "M713"),
        ("Zulkarnain, A. (2019). *Bicara*. [Komunikasi pribadi].", "M714"),
        ("Hefron, M. (2012). Pengetahuan Lokal. *Jurnal Lain*. https://doi.org/10.5555/CONTOH.1", "M716"),
    ],
)
def test_slips_in_the_list(reference, code):
    author = reference.partition(",")[0]
    year = reference.partition("(")[2][:4]
    assert code in codes(f"Lagi ({author}, {year}).", f"{REFERENCES}\n{reference}\n")


@pytest.mark.parametrize(
    "address",
    [
        "https://contoh.id/a(b)_c",
        "http://127.0.0.1/a",
        "https://www.contoh.co.id",
        "https://doi.org/10/gfgwng",
        "https://doi.org/doi:10.5555/x",
        "`https://contoh.id`",
        "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8<693::AID>3.0.CO;2-0",
        "doi:10.5555/x",
    ],
)
def test_addresses_that_can_lead_somewhere(address):
    assert codes("Lagi (Zulkarnain, 2019).", f"{REFERENCES}\nZulkarnain, A. (2019). *Laman*. {address}\n") == []


@pytest.mark.parametrize(
    "names, astray",
    [
        (("Putra, A.", "Sari, D.", "Utami, N."), []),
        (("Sari, D.", "Putra, A.", "Utami, N."), ["Sari"]),
        (("al-Bahri, S.", "Budi, A.", "van der Berg, J.", "Wibowo, J."), []),
        (("al-Bahri, S.", "Berg, J. van der", "Budi, A.", "Wibowo, J."), []),
        (("Budi, A.", "Dewi, C.", "Eko, D.", "Adi, E.", "Fajar, G."), ["Adi"]),
        (("Budi, A.", "Fajar, G.", "Eko, D.", "Dewi, C.", "Gani, H."), ["Fajar", "Dewi"]),
        (("O'Neil, A.", "Oakes, B.", "Putra, A."), []),
    ],
)
def test_alphabet(names, astray):
    references = "".join(f"\n{name} (2020). *Kebun {name}*. Pustaka.\n" for name in names)
    findings = found("Satu (" + "; ".join(f"{name.partition(',')[0]}, 2020" for name in names) + ").", references)
    assert [(finding.code, finding.key) for finding in findings] == [("M715", f"{name} 2020") for name in astray]


def test_works_of_the_same_authors_stand_by_year():
    references = "\nSari, D. (2021). *Air*. Pustaka.\n\nSari, D. (2019). *Batu*. Pustaka.\n"
    assert [finding.code for finding in found("Satu (Sari, 2019, 2021).", references)] == ["M715"]


def test_people_of_one_name_are_no_disorder():
    references = "\nSari, Dewi. 2021. *Air*. Pustaka.\n\nSari, Dian. 2019. *Batu*. Pustaka.\n"
    assert found("Satu (Sari 2019, 2021).", references) == []


def test_what_initials_leave_open_is_a_warning():
    references = "\nSari, D. (2021). *Air*. Pustaka.\n\nSari, D. (2019). *Batu*. Pustaka.\n"
    assert [(finding.code, finding.severity) for finding in found("Satu (Sari, 2019, 2021).", references)] == [("M715", "warning")]


def test_a_list_may_run_from_late_to_early():
    references = "".join(f"\n{name}, {year}. *Air {year}*. Pustaka.\n" for name in ("Putra, A.", "Sari, D.") for year in (2021, 2019, 2017))
    assert found("Satu (Putra, 2021, 2019, 2017; Sari, 2021, 2019, 2017).", references) == []


def test_a_page_is_no_year():
    references = "\nSari, Dewi. 2009. “Kebun.” *Jurnal Contoh* 87 (4): 1973–95.\n\nUtami, Nur. 2010. *Air*. Pustaka.\n"
    assert found("Satu (Sari 2009, 1978), dua (Utami 2010).", references) == []
    assert [finding.code for finding in found("Satu (Sari 2009, 2996), dua (Utami 2010).", references)] == ["M707"]


def test_pages_without_a_volume():
    references = "\nSari, D. (2009). Kebun. *Jurnal Contoh*, 857–871.\n"
    assert [finding.code for finding in found("Satu (Sari, 2009, hlm. 900).", references)] == ["M707"]


def test_where_no_comma_precedes_the_year_an_unlisted_work_needs_none():
    references = "\nPutra, Budi. 2019. *Air*. Pustaka.\n\nSari, Dewi. 2020. *Kebun*. Pustaka.\n"
    assert [(finding.code, finding.severity) for finding in found("Satu (Sari 2020; Putra 2019; Lestari 2018).", references)] == [("M701", "warning")]


@pytest.mark.parametrize("word", ["Lalu", "Juga", "Kemudian", "Namun"])
def test_a_word_before_the_name_is_no_part_of_it(word):
    quoted = [finding.message.text(str) for finding in found(f"{word} Hefron (2012; 2016) begitu.") if finding.code == "M702"]
    assert [text.partition("”")[0] for text in quoted] == ["“Hefron, 2016"]


def test_the_carrier_that_is_missing_is_named_and_no_other_work():
    (finding,) = [finding for finding in found(f"{ALL_CITED} Begitu (Hefron dalam Wirawan, 2016).") if finding.code == "M711"]
    assert finding.message.text(str).startswith("“Wirawan, 2016” names no work")


def test_a_degree_for_a_name_is_one_finding():
    assert [finding.code for finding in found("Satu (M.Si, 2020).", "\nSari, D. (2020). *Kebun*. Pustaka.\n")] == ["M709"]


def test_a_quotation_may_name_its_author_before_and_its_year_behind():
    assert found("Seperti kata Sari: “Kebun itu milik semua” (2020, hlm. 5).", "\nSari, D. (2020). *Kebun*. Pustaka.\n") == []


def test_works_named_in_a_row_without_brackets():
    text = (
        "Satu (Sari, 2020). Begitu kata para tokoh, di antaranya Hidayat 1994, Budi Lestari 1995, dan Sari 2020. Lahir di Bandung 1994, Bogor 1995."
    )
    findings = found(text, "\nSari, D. (2020). *Kebun*. Pustaka.\n")
    assert [(finding.code, finding.severity) for finding in findings] == [("M701", "warning"), ("M701", "warning")]
    assert ["“Hidayat 1994”" in findings[0].message.text(str), "“Budi Lestari 1995”" in findings[1].message.text(str)] == [True, True]


def test_few_shared_names_make_no_misspelling():
    references = "\nLestari, I., Putra, A., & Sari, D. (2020). *Kebun*. Pustaka.\n"
    text = "Satu (Lestari dkk., 2020), dua (Wirawan, Hidayat, Utami, & Putra, 2020)."
    assert [finding.code for finding in found(text, references)] == ["M701"]


def test_two_people_of_one_name_each():
    assert found("Satu (Sari dan Utami, 2020).", "\nSari, Utami, 2020. Kebun bersama di kota. Jurnal Contoh 3, 1–9.\n") == []


def test_many_misspelt_names_are_found_at_once():
    names = [f"{one}{two}{three}ya" for one in ("Ba", "Da", "Ka", "La", "Ma", "Na") for two in TWO for three in TWO]
    references = "".join(f"\n{name}, A. (2020). *Kebun {name}*. Pustaka.\n" for name in sorted(names))
    begun = perf_counter()
    findings = found("\n\n".join(f"Begitu ({name[:3]}x{name[4:]}, 2020)." for name in names), references)
    assert len(findings) >= len(names)
    assert perf_counter() - begun < 20  # seconds; it takes two on an idle machine


def test_a_text_that_cites_by_numbers_is_not_asked_for_names():
    assert found("Satu [1], dua [2, 3].", "\n[1] Sari, D. (2020). *Kebun*. Pustaka.\n\n[2] Putra, A. (2019). *Air*. Pustaka.\n") == []


def test_a_law_is_cited_by_its_number():
    law = "\nSari, D. (2020). *Kebun*. Pustaka.\n\nUndang-Undang Republik Indonesia Nomor 6 Tahun 2014 tentang Desa. (2014).\n"
    assert found("Satu (Sari, 2020) menurut UU No. 6 Tahun 2014.", law) == []
    assert [finding.code for finding in found("Satu (Sari, 2020) menurut UU No. 7 Tahun 2015.", law)] == ["M704"]


def test_what_needs_a_person_is_a_warning():
    (finding,) = found("Satu (Statistik, 2019).", "\nStatistik, B. P. (2019). *Desa*. Pustaka.\n")
    assert (finding.code, finding.severity) == ("M710", "warning")


def test_a_list_as_indonesian_theses_print_it():
    references = """
Aini, Nur, Budi Santosa, dan Rini Astuti. 2019. "Media dan Hasil Belajar". Jurnal Contoh. Vol. 3 No. 2. Hal 10-20.
Al-Gharbi. 2005. Samudra. Jakarta: Pustaka Contoh.
Kepler, Filip dan Kevin Lana Kelar. 2012. Pasar. Edisi 13. Jakarta: Pustaka Contoh.
Mangkubumi, A.A. Anwari Prabu. 2013. Bekerja. Bandung: Pustaka Contoh.
Peraturan Menteri Kebun Nomor 4 Tahun 2016 tentang Panen.
Sugianto. 2017. Metode. Bandung: Pustaka Contoh.
"""
    body = (
        "Menurut Sugianto (2017:34), begitu; sejalan dengan Kepler dan Kelar (2012:5) dan Al-Gharbi (2005). Nur Aini dkk (2019) juga. "
        "Begitu (Mangkubumi, 2013:67) menurut Peraturan Menteri Kebun Nomor 4 Tahun 2016."
    )
    assert found(body, references) == []
    assert [finding.code for finding in found(body.replace("Kelar", "Keler"), references)] == ["M703"]


def test_one_name_is_told_from_the_same_name_with_others():
    references = (
        "\nSugianto. (2017). Metode. *Jurnal Contoh*, *1*(1), 1–9.\n"
        "\nSugianto, Sari, D., & Putra, A. (2017). Metode lain. *Jurnal Contoh*, *2*(1), 50–69.\n"
    )
    assert found("Satu (Sugianto, 2017, hlm. 5; Sugianto dkk., 2017, hlm. 60).", references) == []
