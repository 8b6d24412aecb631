"""Finnish labelled fields: what every layout reads out of a line's words. Each finding has its span in the text.

Lines may be joined by a blank or a line feed before they are read; a line feed lets broken numbers be told from
numbers that stand one below the other.
"""

from loaders.values.amounts import Amount, amounts
from loaders.values.dates import Date, Period, dates, impossible_dates, iso, periods
from loaders.values.marks import Code, Email, Mark, business_ids, codes, damaged_codes, emails, phones, urls
from loaders.values.numerals import number_word

__all__ = [
    "Amount",
    "Code",
    "Date",
    "Email",
    "Mark",
    "Period",
    "amounts",
    "business_ids",
    "codes",
    "damaged_codes",
    "dates",
    "emails",
    "impossible_dates",
    "iso",
    "number_word",
    "periods",
    "phones",
    "urls",
]
