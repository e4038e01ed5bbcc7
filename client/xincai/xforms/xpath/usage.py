"""How each function is written, for those who wrote it otherwise: `name(first[, second])`.

Below, `?` marks what may be left out; `…` marks what may be repeated.
"""

import functools
import re

_WRITTEN = """
abs(number) acos(number) area(geoshape) asin(number) atan(number) atan2(y, x)
base64-decode(text) boolean(value) boolean-from-string(text) ceiling(number)
checklist(least, most, answer…) choice-name(value, 'question') coalesce(value, otherwise) concat(text…)
contains(text, part) cos(number) count(rows) count-non-empty(rows) count-selected(question) current()
date(value) date-time(value) decimal-date-time(moment) decimal-time(time) depend(value…)
digest(text, 'SHA-256', 'hex'?) distance(points…) enclosed-area(geoshape) ends-with(text, end) exp(number)
exp10(number) extract-signed(text, key) false() floor(number) format-date(date, '%Y-%m-%d')
format-date-time(moment, '%Y-%m-%d %H:%M') geofence(geopoint, geoshape) id(text) if(condition, then, else)
indexed-repeat(question, repeat, number) instance('list') int(number) intersects(line, other)
is-selected(question, 'choice') itext(text) join(separator, values) jr:choice-name(value, 'question')
jr:itext(text) last() local-name(place?) log(number) log10(number) max(numbers…) min(numbers…) name(place?)
normalize-space(text?) not(condition) now() number(value) once(value) pi() position(..) pow(number, power)
property('name') pulldata('list', 'column', 'key column', key) random() randomize(rows, seed?)
regex(text, 'pattern') round(number, decimals?) selected(question, 'choice') selected-at(question, number)
sin(number) sqrt(number) starts-with(text, start) string(value) string-length(text)
substr(text, from, to?) substring(text, from, length?) substring-after(text, mark)
substring-before(text, mark) sum(numbers) tan(number) today() translate(text, signs, others) true()
uuid(length?) version() weighted-checklist(least, most, answer, weight…)
"""


def usage(name: str) -> str:
    """How a function is written; its name alone where that is not known."""
    return _usages().get(name, f"{name}(…)")


@functools.cache
def _usages() -> dict[str, str]:
    found = re.findall(r"([\w:-]+)(\(.*?\))(?=\s|$)", " ".join(_WRITTEN.split()))
    return {name: name + re.sub(r"(, )?([^,()]+)\?", r"[\1\2]", arguments) for name, arguments in found}
