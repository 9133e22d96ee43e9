"""Words that reading citations needs to know, Indonesian and English."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, parted by white space."""
    return frozenset(text.split())


#: Small words inside the name of a person.
PARTICLES = words(
    """
    van der den de del della la le von zu zur bin binti ibn ibnu abu al el ad as di da das dos du ter ten te af av st san y e bint
    """
)
#: Small words inside the name of a body.
SMALL = words(
    """
    of for the on in to de la du des di dan dari untuk bagi pada serta tentang antar and as a an at by with und für et y
    """
)
#: Titles before a name.
TITLES = words(
    """
    Dr Prof Drs Dra Ir Hj KH
    """
)
#: Words that are part of a body's name and of no person's.
BODY_WORDS = words(
    """
    community komunitas kementerian kementrian ministry departemen department badan dinas universitas university institut institute
    organization organisation organisasi council dewan association asosiasi perhimpunan bid bidang divisi division pusat lembaga
    yayasan foundation komisi commission committee komite pemerintah government perikanan statistik statistics nations republik
    republic kabupaten kota kecamatan sekretariat secretariat direktorat directorate perusahaan company corporation corp inc ltd pt
    tbk agency centre center biro bureau fakultas faculty perpustakaan library museum majelis mahkamah kepolisian kejaksaan parlemen
    parliament indonesia kesehatan pendidikan keuangan pertanian perdagangan perindustrian pariwisata
    kebudayaan kehutanan transmigrasi informatika nasional bank unesco unicef undp oecd
    kominfo komdigi bappenas bappeda bkkbn kemendikbud kemdikbud kemenag kemenkes kemenkeu kemensos kemendagri kemenparekraf kemendes lipi brin
    """
)
#: Words with a capital that are no author's name although a year may follow them.
NO_NAMES = words(
    """
    januari februari maret april mei juni juli agustus september oktober november desember january february march may june july august
    october december jan feb mar apr jun jul agu aug sep sept okt oct nov des dec senin selasa rabu kamis jumat sabtu minggu monday
    tuesday wednesday thursday friday saturday sunday tabel gambar grafik bagan diagram lampiran bab bagian pasal ayat halaman table
    figure chart chapter section appendix page equation persamaan rumus tahun year abad periode semester kuartal triwulan edisi volume
    nomor no vol pada sejak hingga sampai antara since until during in on covid covid19 pandemi reformasi revolusi perang kongres
    proklamasi deklarasi konferensi konvensi kurikulum undang undangundang uu pemilu pilkada pilpres olimpiade piala war treaty act
    conference congress olympics revolution pandemic election agenda sdgs sdg
    president presiden raja ratu sultan film novel panel wave phase fase tahap perjanjian gempa jakarta surabaya bandung yogyakarta semarang medan
    makassar denpasar malang bogor depok bekasi tangerang padang palembang indonesia jawa bali sumatera kalimantan sulawesi papua
    london paris york washington tokyo singapore singapura malaysia data sumber source hasil dokumentasi observasi wawancara peneliti
    penulis olahan responden informan survei total ratarata usd idr rp sd ci df wib pukul hr qs masehi hijriyah
    """
)
#: Words with a capital that stand before an author's name at the beginning of a sentence.
STARTERS = words(
    """
    menurut penelitian studi riset kajian teori konsep model karya buku artikel jurnal tulisan pendapat pandangan definisi temuan hasil dalam
    pada oleh dari seperti sebagaimana sedangkan sementara namun selain kemudian selanjutnya begitu demikian sejalan berdasarkan mengutip
    lalu juga bahkan adapun meskipun walaupun karena ketika setelah sebelum jika bila apabila misalnya contohnya akhirnya tetapi tapi maka
    senada sebaliknya sebelumnya terakhir then also finally moreover furthermore thus hence therefore yet even because
    according following research study studies theory work by in from as see both while although though however similarly likewise later
    recently earlier since when after before the this that these those both and but also if unlike contrary whereas like lihat
    """
)
#: Words that tell an Indonesian text from an English one.
INDONESIAN = words(
    """
    yang dan di dari dengan untuk pada dalam ini itu adalah tidak oleh sebagai bahwa masyarakat dapat juga
    """
)
#: Words that tell an English text from an Indonesian one.
ENGLISH = words(
    """
    the of and to in that is for with as are was by this on from which be it not
    """
)
#: Academic degrees and titles, without their last full stop.
DEGREES = words(
    """
    S.Pd S.Pd.I S.Pd.SD S.Ag S.H S.H.I S.E S.E.I S.Sos S.Sos.I S.Kom S.T S.Si S.IP S.I.P S.I.Kom S.Psi S.Ked S.Kep S.Farm S.Gz S.Hum
    S.S S.Sn S.P S.Pt S.Th.I M.Pd M.Pd.I M.Ag M.H M.H.I M.Hum M.E M.E.I M.M M.Si M.Sc M.Sos M.Kom M.T M.Kes M.Psi M.A M.Ak M.AP M.IP
    M.I.Kom M.Farm M.Kep M.Sn M.Th M.Th.I M.Eng M.Ed M.Phil MBA MPH MSc BSc BA MA PhD Ph.D Ed.D D.Phil LL.M LL.B Dr Drs Dra Prof Ir H
    Hj KH K.H Lc CA CPA Ak SE SH ST SPd MPd MAg MSi MHum MM MH SAg SSos MKes SKom MKom
    DPhil EdD BEng MEng MPhil Dr.phil Profesor Professor
    """
)
#: Places whose names stand in titles and are no countries: islands, provinces and cities of Indonesia, as English and Indonesian spell them.
PLACES = words(
    """
    Aceh Ambon Bali Balikpapan Bandung Bangka Banjarmasin Banten Banyumas Banyuwangi Batak Batam Bekasi Bengkulu Blora Bogor Borneo Brebes Bugis
    Cianjur Cibiru Cirebon Denpasar Depok Flores Garut Gorontalo Halmahera Jakarta Jambi Java Jawa Jember Kalimantan Kediri Klaten Kupang Lampung
    Lombok Lumajang Madura Magelang Makassar Malang Maluku Manado Mataram Medan Mentawai Merauke Minangkabau Nias Nusantara Padang Palembang Palu
    Pamekasan Papua Pontianak Riau Salatiga Samarinda Semarang Sleman Solo Sukabumi Sulawesi Sumatera Sumatra Sumba Sumbawa Sumenep Surabaya
    Surakarta Tangerang Tasikmalaya Ternate Tidore Timor Toraja Yogyakarta
    """
)
