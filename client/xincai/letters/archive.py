"""What makes a document fit to be kept for good: PDF/A-2b (ISO 19005-2), in every letter.

Fonts are embedded and mapped by `pdf` already; here are the two things left: what the document says of itself
as XMP, and what its colours mean. The profile in `resources/colours` is sRGB as LittleCMS makes it.
"""

import functools
import zlib
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from xincai import paths

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def archive(  # noqa: PLR0917 - what a document says of itself
    document: pdfdoc.PDFDocument, title: str, subject: str, at: str, creator: str, producer: str
) -> None:
    """Give a document its XMP and its output intent; `at` is an instant as ISO 8601."""
    catalog = document.Catalog
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
    words = {"title": title, "subject": subject, "creator": creator, "producer": producer}
    xmp = _XMP.format(at=at, **{name: escape(text) for name, text in words.items()})
    metadata = pdfdoc.PDFStream(content=xmp.encode(), filters=[])
    metadata.dictionary["Type"] = pdfdoc.PDFName("Metadata")
    metadata.dictionary["Subtype"] = pdfdoc.PDFName("XML")
    catalog.Metadata = document.Reference(metadata, "metadata")
    profile = pdfdoc.PDFStream(content=_profile())
    profile.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    profile.dictionary["N"] = 3
    intent = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": b"(sRGB)",
            "Info": b"(sRGB IEC61966-2.1)",
            "DestOutputProfile": document.Reference(profile, "profile"),
        }
    )
    catalog.OutputIntents = pdfdoc.PDFArray([document.Reference(intent, "intent")])


@functools.cache
def _profile() -> bytes:
    return zlib.compress((paths.resources() / "colours" / "sRGB.icc").read_bytes())
