"""A hundred faults put into the graph of the shipped sources: a rule finds each, at its thing, with the right severity."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from engine.store import open_store
from engine.validation import validate

BASE = "https://w3id.org/teemagraafi/"
HEAD = f"""BASE <{BASE}> PREFIX tg: <{BASE}def#> PREFIX tgs: <{BASE}shapes#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/> PREFIX schema: <https://schema.org/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX prov: <http://www.w3.org/ns/prov#>
"""
CONTACTS = ox.NamedNode(f"{BASE}graph/contacts")
V, W, NOTE = "Violation", "Warning", "Info"


class Fault(NamedTuple):
    """A fault: some thing of the graph loses the values of ``drop`` and gets the statements of ``add``.

    ``thing`` is a pattern of ``$x``, or the IRI of a new thing; the finding must be about it.
    """

    rule: str
    severity: str
    thing: str
    drop: str = ""
    add: str = ""


THEME = (
    "$x a tg:Theme ; tg:startDate ?from ; tg:endDate ?to ; tg:ministry ?of ; tg:inProgramme <code/programme/2021-2027>"
)
PROJECT = "$x a tg:Project FILTER NOT EXISTS { ?theme tg:coordinationProject $x }"
DATED = "$x a tg:Project ; tg:startDate ?from ; tg:endDate ?to"
CODED = "$x a tg:Project ; tg:projectCode ?code"
PARTS = (
    "$x a tg:Project ; tg:participation ?one , ?two , ?three FILTER(?one != ?two && ?two != ?three && ?three != ?one)"
)
PART = "$x a tg:Participation"
AMOUNT = "$x a tg:FinancialObservation ; tg:amount ?amount ; tg:phase <code/phase/framework> ; tg:fundingScope ?scope"
COUNT = "$x a tg:StatisticalObservation"
CALL = "$x a tg:Call ; tg:opens ?from ; tg:closes ?to ; tg:callFor ?theme"
ORGANISATION = "$x a tg:Organisation FILTER NOT EXISTS { $x a tg:Ministry } FILTER NOT EXISTS { $x a tg:ELYCentre }"
LATER = "$x a tg:Passage ; tg:lineStart ?line FILTER(?line > 5)"
PASSAGE = "$x a tg:Passage"
NEW_AMOUNT = (
    'a tg:FinancialObservation ; tg:about <id/theme/uusi> ; tg:currency "EUR" ; tg:precision 1.0 ;'
    ' tg:fundingScope <code/scope/eu-state> ; tg:referenceDate "2024-10-31"^^xsd:date'
)
DAY, OTHER_DAY = '"2024-01-15"^^xsd:date', '"2023-01-15"^^xsd:date'
ANNA = 'a tg:ContactPoint ; tg:contactFor <id/theme/uusi> ; schema:name "Anna Keksitty"'
FUNDER, MINISTRY = "tg:side <code/side/funder>", "tg:side <code/side/ministry> ; tg:organisation <id/organisation/tem>"
FAULTS = {
    # themes
    "a theme without a name": Fault("ThemeLabel", V, THEME, "rdfs:label"),
    "a theme without a Finnish name": Fault("ThemeLabelFinnish", W, THEME, "rdfs:label", 'rdfs:label "Tema"@sv'),
    "a theme in two programmes": Fault("ThemeProgramme", V, THEME, "", "tg:inProgramme <code/programme/2014-2020>"),
    "a fund that does not exist": Fault("ThemeFund", V, THEME, "tg:fund", "tg:fund <code/fund/OLEMATON>"),
    "two funds": Fault("ThemeFund", V, THEME, "tg:fund", "tg:fund <code/fund/ESR+> , <code/fund/EAKR>"),
    "a theme group that is a fund": Fault("ThemeGroup", V, THEME, "tg:themeGroup", "tg:themeGroup <code/fund/ESR+>"),
    "a ministry that is none": Fault("ThemeMinistry", W, THEME, "", "tg:ministry <id/organisation/ely-hame>"),
    "a lead ministry that is not among the ministries": Fault(
        "ThemeMinistryHoldsLead", V, THEME, "tg:leadMinistry tg:ministry", "tg:ministry <id/organisation/tem> ;"
        " tg:leadMinistry <id/organisation/okm>",
    ),
    "an intermediate body that is a code": Fault(
        "ThemeIntermediateBody", V, THEME, "", "tg:intermediateBody <code/fund/ESR+>"
    ),
    "a theme's dates swapped": Fault(
        "ThemePeriodOrder", V, THEME, "tg:startDate tg:endDate", 'tg:startDate "2027"^^xsd:gYear ;'
        ' tg:endDate "2023"^^xsd:gYear',
    ),
    "a start that is no date": Fault("ThemeStart", V, THEME, "tg:startDate", 'tg:startDate "pian"'),
    "two ends": Fault("ThemeEnd", V, THEME, "", 'tg:endDate "2031"^^xsd:gYear'),
    "a start without an end": Fault("ThemePeriodWhole", W, THEME, "tg:endDate"),
    "a theme without dates": Fault("ThemePeriodGiven", NOTE, THEME, "tg:startDate tg:endDate"),
    "a theme that ends long after its programme": Fault(
        "ThemeInProgramme", W, THEME, "tg:endDate", 'tg:endDate "2041"^^xsd:gYear'
    ),
    "a theme's page that is no address": Fault("ThemeWebPage", V, THEME, "", 'tg:webPage "rakennerahastot"'),
    "an objective of another period": Fault(
        "ThemeObjectiveOfPeriod", V, THEME, "", "tg:specificObjective <code/specific-objective-2014-2020/2.1>"
    ),
    "a coordination project that is a theme": Fault(
        "ThemeCoordinationProject", V, THEME, "", "tg:coordinationProject <id/theme/uusi>"
    ),
    "a sub-theme that is a fund": Fault("ThemeSubTheme", V, THEME, "", "tg:subTheme <code/fund/ESR+>"),
    "a theme of no ministry": Fault(
        "ThemeMinistryGiven", NOTE, "<id/theme/uusi>", "", 'a tg:Theme ; rdfs:label "Uusi"@fi'
    ),
    "one name on two themes": Fault(
        "ThemeTwin", W, "<id/theme/kaksonen-a>", "", 'a tg:Theme ; rdfs:label "Kaksonen"@fi ;'
        " tg:inProgramme <code/programme/2021-2027> . <id/theme/kaksonen-b> a tg:Theme ;"
        ' rdfs:label "Kaksonen"@fi ; tg:inProgramme <code/programme/2021-2027>',
    ),
    # projects
    "a project without a name": Fault("ProjectLabel", V, PROJECT, "rdfs:label"),
    "a project without a theme": Fault("ProjectThemeGiven", NOTE, PROJECT, "tg:inTheme"),
    "a project in a fund instead of a theme": Fault("ProjectTheme", V, PROJECT, "tg:inTheme", "tg:inTheme <code/fund/ESR+>"),
    "a code with a letter O for a zero": Fault("ProjectCodeDamaged", W, CODED, "tg:projectCode", 'tg:projectCode "S3O006"'),
    "a code of two signs": Fault("ProjectCodeDamaged", W, CODED, "tg:projectCode", 'tg:projectCode "A1"'),
    "a code with words": Fault("ProjectCode", V, CODED, "tg:projectCode", 'tg:projectCode "S30 hanke"'),
    "two codes": Fault("ProjectCode", V, CODED, "", 'tg:projectCode "S39998"'),
    "a code without its letter": Fault("ProjectCodeLetter", W, CODED, "tg:projectCode", 'tg:projectCode "39999"'),
    "a group code that is none": Fault("ProjectGroupCode", W, PROJECT, "tg:groupCode", 'tg:groupCode "ryhmä yksi"'),
    "one code on two projects": Fault(
        "ProjectCodeTwice", V, "<id/project/kaksi-a>", "", 'a tg:Project ; rdfs:label "Yksi"@fi ;'
        ' tg:inTheme <id/theme/uusi> ; tg:projectCode "S38888" . <id/project/kaksi-b> a tg:Project ;'
        ' rdfs:label "Toinen"@fi ; tg:projectCode "S38888"',
    ),
    "a project's dates swapped": Fault(
        "ProjectPeriodOrder", V, PROJECT, "tg:startDate tg:endDate", f"tg:startDate {DAY} ; tg:endDate {OTHER_DAY}"
    ),
    "a project before its programme": Fault(
        "ProjectInProgramme", W, PROJECT, "tg:startDate tg:endDate", 'tg:startDate "2011-01-01"^^xsd:date ;'
        ' tg:endDate "2012-01-01"^^xsd:date',
    ),
    "two start dates": Fault("ProjectStart", V, PROJECT, "tg:startDate", f"tg:startDate {DAY} , {OTHER_DAY}"),
    "a project without dates": Fault("ProjectPeriodGiven", NOTE, DATED, "tg:startDate tg:endDate"),
    "a project without implementers": Fault("ProjectImplementerGiven", NOTE, PROJECT, "tg:participation tg:implementer"),
    "an implementer without a part": Fault("ProjectImplementers", V, PROJECT, "", "tg:implementer <id/organisation/okm>"),
    "a part that is an organisation": Fault("ProjectParticipation", V, PROJECT, "", "tg:participation <id/organisation/tem>"),
    "a lead that is no implementer": Fault(
        "ProjectLeadIsImplementer", V, PROJECT, "tg:leadImplementer", "tg:leadImplementer <id/organisation/okm>"
    ),
    "two leads": Fault(
        "ProjectSeveralLeads", W, PARTS, "", "tg:participation <id/participation/l1> , <id/participation/l2> ."
        " <id/participation/l1> a tg:Participation ; tg:role <code/role/lead> ; tg:organisation <id/organisation/tem> ."
        " <id/participation/l2> a tg:Participation ; tg:role <code/role/lead> ; tg:organisation <id/organisation/okm>",
    ),
    "an organisation twice in a project": Fault(
        "ParticipationTwice", W, PARTS, "", "tg:participation <id/participation/t1> , <id/participation/t2> ."
        " <id/participation/t1> a tg:Participation ; tg:organisation <id/organisation/tem> ."
        " <id/participation/t2> a tg:Participation ; tg:organisation <id/organisation/tem>",
    ),
    "a status that nobody lists": Fault("ProjectStatus", V, PROJECT, "", "tg:status <code/status/kesken>"),
    "a project of a call that is a theme": Fault("ProjectCall", V, PROJECT, "", "tg:fundedFrom <id/theme/uusi>"),
    "a page that is an e-mail address": Fault("ProjectWebPage", V, PROJECT, "", 'tg:webPage "etu.suku@esimerkki.fi"'),
    # parts of projects
    "a part without an organisation": Fault("ParticipationOrganisation", V, PART, "tg:organisation"),
    "a part of two organisations": Fault("ParticipationOrganisation", V, PART, "", "tg:organisation <id/organisation/okm>"),
    "a role that nobody lists": Fault("ParticipationRole", V, PART, "tg:role", "tg:role <code/role/johtaja>"),
    "a part of two projects": Fault("ParticipationProject", V, PART, "", ". <id/project/kaksi-a> tg:participation $x"),
    "a code within a name": Fault("ParticipationName", V, PART, "tg:nameAsStated", 'tg:nameAsStated "Malli Oy S30001"'),
    "a university as a company": Fault(
        "ParticipationLegalForm", W, PART, "tg:nameAsStated", 'tg:nameAsStated "Keksitty yliopisto oy"'
    ),
    "a part's code damaged": Fault("ParticipationCodeDamaged", W, PART, "tg:projectCode", 'tg:projectCode "S3O006"'),
    "a part's code without its letter": Fault("ParticipationCodeLetter", W, PART, "tg:projectCode", 'tg:projectCode "30007"'),
    # money
    "a negative amount": Fault("AmountValue", V, AMOUNT, "tg:amount", "tg:amount -5.0"),
    "an amount as text": Fault("AmountValue", V, AMOUNT, "tg:amount", 'tg:amount "5 milj."'),
    "two amounts": Fault("AmountValue", V, AMOUNT, "", "tg:amount 123456789.0"),
    "an amount without a currency": Fault("AmountCurrency", V, AMOUNT, "tg:currency"),
    "a currency in words": Fault("AmountCurrency", V, AMOUNT, "tg:currency", 'tg:currency "euroa"'),
    "an amount without a phase": Fault("AmountPhase", V, AMOUNT, "tg:phase"),
    "a phase that nobody lists": Fault("AmountPhase", V, AMOUNT, "tg:phase", "tg:phase <code/phase/luvattu>"),
    "an amount of an organisation": Fault("AmountAbout", V, AMOUNT, "tg:about", "tg:about <id/organisation/tem>"),
    "an amount of nothing": Fault("AmountAbout", V, AMOUNT, "tg:about"),
    "an amount of two dates": Fault("AmountDate", V, AMOUNT, "", 'tg:referenceDate "2020"^^xsd:gYear'),
    "an amount without a date": Fault("AmountDateGiven", NOTE, AMOUNT, "tg:referenceDate"),
    "a precision of nothing": Fault("AmountPrecision", V, AMOUNT, "tg:precision", "tg:precision 0.0"),
    "an amount without a number in its words": Fault(
        "AmountAsStated", V, AMOUNT, "tg:amountAsStated", 'tg:amountAsStated "paljon"'
    ),
    "a call of ten euros": Fault(
        "AmountTooSmall", W, "<id/observation/pieni>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/callBudget> ;"
        ' tg:amount 10.0 ; tg:amountAsStated "10 €"',
    ),
    "a theme of two billions": Fault(
        "AmountTooLarge", W, "<id/observation/suuri>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/applied> ;"
        ' tg:amount 2000000000.0 ; tg:amountAsStated "2 mrd. €"',
    ),
    "an amount without its unit": Fault(
        "AmountUnit", W, "<id/observation/yksikko>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/paid> ;"
        ' tg:amount 5000.0 ; tg:amountAsStated "5 000"',
    ),
    "more paid than committed": Fault(
        "PaidWithinCommitted", W, "<id/observation/maksettu>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/paid> ;"
        f" tg:amount 9000000.0 . <id/observation/sidottu> {NEW_AMOUNT} ; tg:phase <code/phase/committed> ;"
        " tg:amount 8000000.0",
    ),
    "more committed than reserved": Fault(
        "CommittedWithinReserved", W, "<id/observation/sidottu>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/committed> ;"
        f" tg:amount 8000000.0 . <id/observation/varattu> {NEW_AMOUNT} ; tg:phase <code/phase/reserved> ;"
        " tg:amount 7000000.0",
    ),
    "more reserved than the framework": Fault(
        "ReservedWithinFramework", W, "<id/observation/varattu>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/reserved> ;"
        f" tg:amount 7000000.0 . <id/observation/kehys> {NEW_AMOUNT} ; tg:phase <code/phase/framework> ;"
        " tg:amount 6000000.0",
    ),
    "shares that do not add up": Fault(
        "SharesAddUp", W, "<id/observation/kehys>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/framework> ;"
        " tg:amount 6000000.0 . <id/share/uusi-a> a tg:Share ; tg:shareOf $x ; tg:ministry <id/organisation/tem> ;"
        " tg:shareAmount 1000000.0 ; tg:precision 1.0 . <id/share/uusi-b> a tg:Share ; tg:shareOf $x ;"
        " tg:ministry <id/organisation/okm> ; tg:shareAmount 2000000.0 ; tg:precision 1.0",
    ),
    "a share of nothing": Fault("ShareOf", V, "$x a tg:Share", "tg:shareOf"),
    "a share of nobody": Fault("Share", V, "$x a tg:Share", "tg:ministry tg:participation"),
    # counts
    "seven and a half projects": Fault("CountWhole", V, COUNT, "tg:value", "tg:value 7.5"),
    "a negative count": Fault("CountValue", V, COUNT, "tg:value", "tg:value -3"),
    "a count without a number": Fault("CountValue", V, COUNT, "tg:value"),
    "a count without a measure": Fault("CountMeasure", V, COUNT, "tg:measure"),
    "a count of an organisation": Fault("CountAbout", V, COUNT, "tg:about", "tg:about <id/organisation/tem>"),
    "a count of projects that the list does not have": Fault(
        "CountNotListed", W, f"{COUNT} ; tg:measure <code/measure/projects> ; tg:about ?theme . ?p tg:inTheme ?theme",
        "tg:value", "tg:value 9000",
    ),
    # calls
    "a call that closes before it opens": Fault(
        "CallOrder", V, CALL, "tg:opens tg:closes", f"tg:opens {DAY} ; tg:closes {OTHER_DAY}"
    ),
    "a call of four years": Fault(
        "CallLong", W, CALL, "tg:opens tg:closes", f'tg:opens {DAY} ; tg:closes "2028-01-14"^^xsd:date'
    ),
    "a call that closes on a Sunday": Fault("CallOnWeekend", W, CALL, "tg:closes", 'tg:closes "2024-09-15"^^xsd:date'),
    "a call before its programme": Fault(
        "CallInProgramme", W, CALL, "tg:opens tg:closes", 'tg:opens "2012-01-16"^^xsd:date ;'
        ' tg:closes "2012-03-16"^^xsd:date',
    ),
    "a call for an organisation": Fault("CallTheme", V, CALL, "", "tg:callFor <id/organisation/tem>"),
    "a call without a name": Fault("CallLabel", V, CALL, "rdfs:label"),
    # contacts
    "a pattern for an address": Fault(
        "ContactEmailTemplate", W, "<id/contact/a>", "", f'{ANNA} ; {FUNDER} ; schema:email "etunimi.sukunimi@esimerkki.fi"'
    ),
    "an address without @": Fault(
        "ContactEmail", W, "<id/contact/b>", "", f'{ANNA} ; {FUNDER} ; schema:email "anna.keksitty(at)esimerkki.fi"'
    ),
    "a domain that no ministry has": Fault(
        "ContactDomain", W, "<id/contact/c>", "", f'{ANNA} ; {MINISTRY} ; schema:email "anna.keksitty@gof.fi"'
    ),
    "a name and an address that do not fit": Fault(
        "ContactNameFitsAddress", W, "<id/contact/d>", "", f'{ANNA} ; {FUNDER} ; schema:email "anna.keksityt@esimerkki.fi"'
    ),
    "one person with two addresses": Fault(
        "ContactTwoAddresses", W, "<id/contact/e>", "", f'{ANNA} ; {FUNDER} ; schema:email "anna.keksitty@toinen.fi"'
    ),
    "a number with words": Fault(
        "ContactTelephone", W, "<id/contact/f>", "", f'{ANNA} ; {FUNDER} ; schema:telephone "vaihde 0295"'
    ),
    "an organisation for a person's name": Fault(
        "ContactName", V, "<id/contact/g>", "", f"a tg:ContactPoint ; tg:contactFor <id/theme/uusi> ; {FUNDER} ;"
        ' schema:name "Hämeen ELY-keskus"',
    ),
    "a contact of no side": Fault("ContactSide", V, "<id/contact/h>", "", ANNA),
    "a ministry's contact without a ministry": Fault(
        "ContactMinistryNamed", W, "<id/contact/i>", "", f"{ANNA} ; tg:side <code/side/ministry>"
    ),
    # organisations
    "a business id with a wrong check digit": Fault("BusinessIdChecksum", V, ORGANISATION, "", 'tg:businessId "1234567-8"'),
    "a business id that is none": Fault("OrganisationBusinessIdForm", V, ORGANISATION, "", 'tg:businessId "FI 12"'),
    "one business id on two organisations": Fault(
        "BusinessIdShared", W, "<id/organisation/eka>", "", 'a tg:Organisation ; rdfs:label "Yksi Oy"@fi ;'
        ' tg:businessId "1234567-1" . <id/organisation/toka> a tg:Organisation ; rdfs:label "Toinen Oy"@fi ;'
        ' tg:businessId "1234567-1"',
    ),
    "a university that is a company": Fault(
        "OrganisationLegalForm", W, ORGANISATION, "", 'rdfs:label "Keksitty yliopisto oy"@fi'
    ),
    "a name with an address": Fault("OrganisationLabelClean", V, ORGANISATION, "", 'skos:altLabel "Malli www@malli.fi"@fi'),
    "a name cut at a hyphen": Fault("OrganisationLabelHyphen", W, ORGANISATION, "", 'skos:altLabel "Etelä- savon liitto"@fi'),
    "an organisation without a name": Fault("OrganisationLabel", V, ORGANISATION, "rdfs:label"),
    "an organisation of two types": Fault(
        "OrganisationType", V, ORGANISATION, "", "tg:organisationType <code/organisation-type/company> ,"
        " <code/organisation-type/other>",
    ),
    # sources and terms
    "a passage that ends before it begins": Fault("PassageStart", V, LATER, "tg:lineEnd", "tg:lineEnd 1"),
    "a passage at line nought": Fault("PassageStart", V, PASSAGE, "tg:lineStart", "tg:lineStart 0"),
    "a passage of no document": Fault("PassageDocument", V, PASSAGE, "tg:inDocument"),
    "a passage without words": Fault("PassageWords", V, PASSAGE, "tg:verbatim"),
    "a lost address": Fault("PassageLostAddress", W, PASSAGE, "tg:verbatim", 'tg:verbatim "Anna, [email\\u00A0protected]"'),
    "a Tuesday that is a Wednesday": Fault(
        "PassageWeekday", W, PASSAGE, "tg:verbatim", 'tg:verbatim "haku päättyy tiistaina 6.3.2024"'
    ),
    "a document without a title": Fault("DocumentTitle", V, "$x a tg:SourceDocument", "dct:title"),
    "a document with a broken hash": Fault(
        "DocumentHash", V, "$x a tg:SourceDocument", "tg:contentHash", 'tg:contentHash "abc"'
    ),
    "a conflict without alternatives": Fault("ConflictAlternative", V, "$x a tg:Conflict", "tg:alternative"),
    "a code without a notation": Fault("ConceptNotation", V, "$x a tg:Status", "skos:notation"),
    # kinds of which the first hundred had none
    "an empty name": Fault("ProjectLabel", V, PROJECT, "rdfs:label", 'rdfs:label ""@fi'),
    "a project's objective that is a fund": Fault("ProjectObjective", V, PROJECT, "", "tg:specificObjective <code/fund/ESR+>"),
    "a call's authority that is a theme": Fault("Authority", V, CALL, "", "tg:authority <id/theme/uusi>"),
    "a municipality that is a theme": Fault("OrganisationMunicipality", V, ORGANISATION, "", "tg:municipality <id/theme/uusi>"),
    "a region that is a fund": Fault("OrganisationRegion", V, ORGANISATION, "", "tg:region <code/fund/ESR+>"),
    "a certainty that nobody lists": Fault("PassageCertainty", V, PASSAGE, "", "tg:certainty <code/certainty/ehka>"),
    "a share larger than the whole": Fault(
        "SharesAddUp", W, "<id/observation/pieni-kehys>", "", f"{NEW_AMOUNT} ; tg:phase <code/phase/framework> ;"
        " tg:amount 1000000.0 . <id/share/iso> a tg:Share ; tg:shareOf $x ; tg:ministry <id/organisation/tem> ;"
        " tg:shareAmount 9000000.0 ; tg:precision 1.0",
    ),
    "a scope that nobody lists": Fault("AmountScope", V, AMOUNT, "tg:fundingScope", "tg:fundingScope <code/scope/olematon>"),
    "the 30th of February": Fault("ProjectStart", V, DATED, "tg:startDate", 'tg:startDate "2023-02-30"^^xsd:date'),
    "a part of two roles": Fault(
        "ParticipationRole", V, PART, "tg:role", "tg:role <code/role/lead> , <code/role/partner>"
    ),
    "two lead ministries": Fault(
        "ThemeLeadMinistry", V, THEME, "tg:leadMinistry", "tg:leadMinistry <id/organisation/tem> , <id/organisation/okm>"
    ),
    "a count of two values": Fault("CountValue", V, COUNT, "", "tg:value 4711"),
    "a conflict of a kind that nobody lists": Fault(
        "ConflictKind", V, "$x a tg:Conflict", "tg:kind", "tg:kind <code/conflict-kind/olematon>"
    ),
    "a property that nobody declares": Fault("TermDeclared", V, "tg:keksitty", "", ". <id/theme/uusi> $x true"),
    "a class that nobody declares": Fault("UndeclaredClass", V, "tg:Keksitty", "", ". <id/theme/uusi> a $x"),
    "a property without a name": Fault("TermNamed", V, "$x a owl:DatatypeProperty", "rdfs:label"),
    "a fact that no passage states": Fault("FactStated", V, THEME, "", "tg:webPage <https://esimerkki.fi/>"),
}  # fmt: skip


@pytest.fixture(scope="module")
def planted(shipped_store: Path) -> tuple[dict[str, str], Counter[tuple[str, str, str]]]:
    """The thing that has each fault, and how much oftener each finding comes than before."""
    store = ox.Store()
    store.extend(open_store(shipped_store))
    before = findings(store)
    used: Counter[str] = Counter()
    things = {name: plant(store, fault, used) for name, fault in FAULTS.items()}
    return things, findings(store) - before


def findings(store: ox.Store) -> Counter[tuple[str, str, str]]:
    return Counter((f.shape.rpartition("#")[2], f.severity, f.focus) for f in validate(store, with_contacts=True))


def plant(store: ox.Store, fault: Fault, used: Counter[str]) -> str:
    """Put a fault into the graph, at the thing that has the fewest so far; its IRI."""
    thing = fault.thing
    if thing.startswith("$x"):
        rows = store.query(f"{HEAD} SELECT DISTINCT ?x WHERE {{ {thing} }}")
        thing = min((str(row["x"]) for row in rows), key=lambda iri: (used[iri], iri))
        used[thing] += 1
    graph = f"GRAPH {CONTACTS} " if "/contact/" in thing else ""
    for name in fault.drop.split():
        store.update(f"{HEAD} DELETE WHERE {{ {thing} {name} ?value }}")
    if fault.add:
        text = fault.add.replace("$x", thing)
        text = text[2:] if text.startswith(". ") else f"{thing} {text}"
        store.update(f"{HEAD} INSERT DATA {{ {graph and graph + '{'} {text} {graph and '}'} }}")
    if thing.startswith("tg:"):
        return f"{BASE}def#{thing[3:]}"
    return re.sub("^<(id/)?", lambda m: f"{BASE}id/" if m[1] else "", thing).rstrip(">")


def test_there_are_enough_faults_of_each_severity() -> None:
    assert len(FAULTS) >= 100
    assert {fault.severity for fault in FAULTS.values()} == {V, W, NOTE}


@pytest.mark.parametrize("name", FAULTS)
def test_a_rule_finds_the_fault(planted: tuple[dict[str, str], Counter[tuple[str, str, str]]], name: str) -> None:
    things, new = planted
    fault = FAULTS[name]
    said = {(rule, severity) for rule, severity, focus in new if focus == things[name]}
    assert (fault.rule, fault.severity) in said
