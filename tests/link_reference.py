"""Invented reference tables in the shape of the real ones, and the organisations they are to be matched with."""

from __future__ import annotations

import json
from pathlib import Path

from links.rule import Subject

ORG = "https://w3id.org/teemagraafi/id/organisation/"
ROR = "https://ror.org/"


def subject(key: str, kind: str, *names: str) -> Subject:
    return Subject(ORG + key, names[0], names, kind)


SUBJECTS = [
    subject("niityn-yliopisto", "university", "Niityn yliopisto", "University of the Meadow"),
    subject("ahon-ammattikorkeakoulu", "university-of-applied-sciences", "Ahon ammattikorkeakoulu"),
    subject("kanervan-kaupunki", "municipality", "Kanervajoen kaupunki"),
    subject("hallan-kaupunki", "municipality", "Hallan kaupunki"),
    subject("ely-itaraja", "ely-centre", "Itärajan ELY-keskus"),
    subject("evk-raja", "state-agency", "Rajan elinvoimakeskus"),
    subject("vanha-opisto", "educational-institution", "Vanha opisto"),
    subject("uusi-opisto", "educational-institution", "Uusi opisto Oy"),
    subject("puro-saatio", "foundation", "Puro-säätiö sr"),
    subject("puron-tuki", "association", "Puron tuki ry"),
]

_KEY = (
    "kunta,municipality_name_fi,municipality_name_sv,municipality_name_en,"
    "maakunta_code,maakunta_name_fi,maakunta_name_sv,maakunta_name_en"
)
_ELY = ",ely_code,ely_name_fi,ely_name_sv,ely_name_en"
_EVK = ",evk_code,evk_name_fi,evk_name_sv,evk_name_en"


def write(folder: Path) -> Path:
    """Write every table a proposal reads."""
    (folder / "untrusted").mkdir(parents=True, exist_ok=True)
    tables = {
        "statfi_municipality_key_2025.csv": [
            _KEY + _ELY,
            "901,Kanervajoki,Ljungå,Kanervajoki,91,Itäraja,Östra gränsen,East Border,1,Itärajan ELY-keskus,NTM Öst,East ELY",
            "902,Halla,Frost,Halla,91,Itäraja,Östra gränsen,East Border,1,Itärajan ELY-keskus,NTM Öst,East ELY",
            "903,Korpi,Ödemark,Korpi,91,Itäraja,Östra gränsen,East Border,1,Itärajan ELY-keskus,NTM Öst,East ELY",
        ],
        "statfi_municipality_key_2026.csv": [
            _KEY + _EVK,
            "901,Kanervajoki,Ljungå,Kanervajoki,91,Itäraja,Östra gränsen,East Border,1,Rajan elinvoimakeskus,Gränsen,Border",
            "902,Halla,Frost,Halla,91,Itäraja,Östra gränsen,East Border,1,Rajan elinvoimakeskus,Gränsen,Border",
        ],
        "nuts3_fi_2021_to_2024.csv": [
            "maakunta_name_fi,nuts2021_code,nuts2024_code,n_municipalities_2023,n_municipalities_2025,note",
            "Itäraja,FI9X1,FI9X2,3,3,",
        ],
        "ely2025_to_evk2026_by_municipality.csv": [
            "ely_code,ely_name_fi,evk_code,evk_name_fi,n_municipalities",
            "1,Itärajan ELY-keskus,1,Rajan elinvoimakeskus,2",
        ],
        "antero_ytunnus_names.csv": [
            "y_tunnus,name,n_source_files,source_files",
            "1234567-1,NIITYN YLIOPISTO,1,a",
            "1234567-2,Ahon ammattikorkeakoulu,1,a",
            "2222222-9,Hallan kaupunki,1,a",
            "3333333-8,HALLAN KAUPUNKI,1,a",
            "4444444-7,Puro-säätiön tuki sr,1,a",
        ],
        "fairdata_organizations.csv": [
            "org_name_fi,org_name_en,org_name_sv,org_code,unit_main_code,unit_sub_code,unit_name,org_isni,org_csc",
            "Niityn yliopisto,University of the Meadow,,90001,,,,,",
            "Niityn yliopisto,University of the Meadow,,90001,,A1,Niityn laboratorio,,",
            "Ahon ammattikorkeakoulu,,,90002",
        ],
        "yso_places_wikidata_fi_subset.tsv": [
            "yso_uri\tlabel_en\twikidata_qid",
            "http://www.yso.fi/onto/yso/p1\tKanervajoki\tQ1",
            "http://www.yso.fi/onto/yso/p2\tHalla\tQ2",
        ],
        "nsi_fi_wikidata.csv": [
            "qid,names,wikidata_label,wikidata_description,paths",
            "Q1,Kanervajoen kaupunki,Kanervajoki,town,x",
        ],
        "untrusted/dr5hn_fi_cities_wikidata.csv": [
            "id,name,native,state_code,type,wikidata_id",
            "1,Kanervajoki,x,1,city,Q2",
        ],
        "eu_programme.csv": [
            "uri,code,label_fi,label_sv,label_en,list_id,list_version",
            "http://eu/p/A,A,a,a,European Social Fund Plus (ESF+) (2021/2027),x,1",
        ],
        "eu_country.csv": [
            "uri,code,label_fi,label_sv,label_en,list_id,list_version",
            "http://eu/c/FIN,FIN,Suomi,,Finland,x,1",
        ],
        "eu_language.csv": [
            "uri,code,label_fi,label_sv,label_en,list_id,list_version",
            "http://eu/l/FIN,FIN,suomi,,Finnish,x,1",
        ],
        "eu_currency.csv": [
            "uri,code,label_fi,label_sv,label_en,list_id,list_version",
            "http://eu/m/EUR,EUR,Euro,,Euro,x,2",
        ],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    records = [
        _first(),
        _second("https://ror.org/000000002", "Vanha opisto", "inactive"),
        _second("https://ror.org/000000003", "Uusi opisto", "active"),
    ]
    records[1]["relationships"] = [{"type": "Successor", "id": "https://ror.org/000000003", "label": "Uusi opisto"}]
    (folder / "ror_records_fi.jsonl").write_text(
        "".join(json.dumps({"record": r}) + "\n" for r in records), encoding="utf-8"
    )
    return folder


def _first() -> dict[str, object]:
    """A record of the first schema."""
    return {
        "id": "https://ror.org/000000001",
        "name": "University of the Meadow",
        "aliases": ["Niityn yliopisto"],
        "labels": [],
        "types": ["Education"],
        "status": "active",
        "addresses": [{"city": "Kanervajoki"}],
        "relationships": [],
        "external_ids": {
            "Wikidata": {"preferred": None, "all": ["Q77"]},
            "ISNI": {"preferred": None, "all": ["0000 0001 0000 0001"]},
        },
    }


def _second(iri: str, name: str, status: str) -> dict[str, object]:
    """A record of the second schema."""
    return {
        "id": iri,
        "names": [
            {"value": name, "types": ["ror_display", "label"], "lang": "fi"},
            {"value": "VO", "types": ["acronym"], "lang": None},
        ],
        "types": ["education"],
        "status": status,
        "locations": [{"geonames_details": {"name": "Halla"}}],
        "relationships": [],
        "external_ids": [{"type": "fundref", "preferred": "501", "all": ["501", "502"]}],
    }
