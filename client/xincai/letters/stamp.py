"""A signature inside the PDF itself, by the office's X.509 certificate (PAdES, ISO 32000-1 12.8).

For offices that have one: a PKCS#12 file with its passphrase. What is printed does not change; whoever opens
the file in a PDF reader sees who signed it. The letter's own seal (SM2, in the QR code) stays as it is: this
one is told by readers, that one by paper.
"""

import io
import warnings
from typing import TYPE_CHECKING

from xincai.errors import Problem

if TYPE_CHECKING:
    from pyhanko.sign import SimpleSigner

_FIELD = "Xincai"


def stamp(pdf: bytes, pkcs12: bytes, passphrase: str, *, office: str = "") -> bytes:
    """The PDF with a signature of the certificate in a PKCS#12 file; what it held before stays byte for byte.

    Raises Problem `letters.no_stamping` where pyHanko is not installed, `letters.bad_certificate` when the
    file or its passphrase is wrong.
    """
    signer = _signer(pkcs12, passphrase)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, fields, signers

    facts = PdfSignatureMetadata(
        field_name=_FIELD,
        name=office or None,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    target = io.BytesIO()
    signers.PdfSigner(facts, signer=signer).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), in_place=False, output=target
    )
    return target.getvalue()


def _signer(pkcs12: bytes, passphrase: str) -> "SimpleSigner":
    try:
        from pyhanko.sign import SimpleSigner
    except ImportError as error:
        raise Problem("letters.no_stamping") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old PKCS#12 files use old ciphers
        try:
            signer: SimpleSigner = SimpleSigner.load_pkcs12_data(
                pkcs12, other_certs=[], passphrase=passphrase.encode()
            )
        except ValueError as error:
            raise Problem("letters.bad_certificate") from error
    return signer
