"""What the people of the simulation say. Made up, and plainly so: every text ends in the same mark."""

MARK = "(Simuloitu teko.)"

PRACTICES: dict[str, list[str]] = {
    "opetus-ja-kasvatus": [
        "Oppilaat suunnittelevat välitunnit", "Varhaiskasvatuksen aamut ulkona", "Yhteisopettajuus alkuopetuksessa",
        "Vanhempainilta pieninä ryhminä", "Liikkuva lukuhetki",
    ],
    "sosiaali-ja-terveysala": [
        "Kotikäynti samana päivänä", "Yksi puhelinnumero omaishoitajille", "Etäkuntoutus ryhmässä",
        "Perhekeskuksen avoin tiistai", "Muistihoitajan kävelyvastaanotto",
    ],
    "kulttuuri-ja-vapaa-aika": [
        "Kirjasto tulee kylille", "Nuorten oma tapahtumaraha", "Museo koulupäivän jälkeen", "Liikuntavuoro kaikille",
        "Kuoro hoivakodissa",
    ],
    "tekniset-alat-ja-ymparisto": [
        "Katuvikojen kuvailmoitus", "Puistokummit", "Lumen auraus nähdyksi kartalla", "Kiertokuljetus purkutavaroille",
        "Sadevesi koulun pihalle",
    ],
    "elinkeino-ja-yrityspalvelut": [
        "Yrittäjän yksi luukku", "Hankintojen aamukahvit", "Kesätyöseteli ilman papereita", "Tyhjät tilat käyttöön",
        "Luvat kerralla kuntoon",
    ],
    "johto-hr-ja-hallinto": [
        "Kävelypalaveri", "Perehdytyspolku puhelimessa", "Talousarvio selkokielellä", "Kokoukseton keskiviikko",
        "Esihenkilöiden vertaisparit",
    ],
    "ruoka-ja-siivouspalvelut": [
        "Ylijäämälounas kuntalaisille", "Keittiön ja koulun ruokaraati", "Siivouksen laatukierros yhdessä",
        "Kasvisruoka päivän ykkösenä", "Astiahävikin puolitus",
    ],
    "koko-kunta": [
        "Asukkaan oma palautepolku", "Kuntalaisraati", "Osallistuva budjetti kouluille", "Kylien kehittämisilta",
        "Yhteinen hyvinvointikertomus",
    ],
}  # fmt: skip

WAYS = [
    "",
    "uudella tavalla",
    "yhdessä asukkaiden kanssa",
    "pienellä rahalla",
    "kolmessa kuukaudessa",
    "ilman hanketta",
]
NEEDS = [
    "Jono kasvoi, ja työntekijät väsyivät samaan kysymykseen.",
    "Tieto oli kolmessa paikassa, eikä kukaan löytänyt sitä.",
    "Asukkaat eivät tienneet, mihin asia kuuluu.",
    "Hyvä käytäntö jäi yhden yksikön sisälle.",
]
RESULTS = [
    "Odotus lyheni kahdesta viikosta kolmeen päivään.",
    "Työaikaa säästyy kaksi tuntia viikossa.",
    "Palautteen keskiarvo nousi 3,4:stä 4,3:een.",
    "Mukana on nyt jokainen yksikkö.",
]
LESSONS = ["Aloita yhdestä yksiköstä.", "Sovi heti, kuka vastaa.", "Kerro tuloksista samalla viikolla."]
QUESTIONS = [
    "Mitä tämä maksoi?",
    "Kuinka saitte esihenkilöt mukaan?",
    "Toimiiko tämä myös pienessä kunnassa?",
    "Kauanko alkuun pääseminen kesti?",
]
REPLIES = [
    "Pääosin omaa työaikaa, noin kaksi viikkoa.",
    "Aloitimme yhdestä tiimistä, ja muut pyysivät mukaan.",
    "Kyllä, pienessä se on jopa helpompaa.",
    "Ensimmäinen kokeilu tehtiin kuukaudessa.",
]
COMMENTS = ["Hieno ja selkeä malli!", "Meillä kokeillaan samaa syksyllä.", "Kiitos, että kerroitte myös vaikeudet."]
TAKEAWAYS = ["Aloitan yhdestä yksiköstä.", "Kysyn asukkailta ennen kuin suunnittelen.", "Mittaan ennen ja jälkeen."]
NOTES = ["Otimme mallin käyttöön yhdessä yksikössä.", "Lyhensimme lomaketta.", "Yhdistimme sen omaan tapaamme."]
WISHES = [
    "Miten saatte hiljaiset asukkaat mukaan?",
    "Kuinka perehdytätte kesätyöntekijät?",
    "Miten vähennätte ruokahävikkiä?",
    "Kuka on saanut sisäilmailmoitukset sujuviksi?",
    "Miten jaatte työhuoneet etätyön aikaan?",
    "Kuinka kerrotte päätöksistä selkokielellä?",
]
TITLES = [
    "Kehittämispäällikkö",
    "Palveluesihenkilö",
    "Suunnittelija",
    "Rehtori",
    "Lähihoitaja",
    "Tiiminvetäjä",
    "Asiantuntija",
]
