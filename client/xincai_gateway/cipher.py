"""SM4 in counter mode (GB/T 32907, GB/T 17964) for files at rest: any stretch of a file by its offset.

Rules: every file has its own random nonce, so no key stream is used twice. The mode hides and does not
authenticate; whoever reads checks the SM3 of the whole, which is the file's name.
"""

from collections.abc import Callable

import gmssl_pyx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

NONCE = 8
KEY = 16
_BLOCK = 16


def crypt(key: bytes, nonce: bytes, offset: int, data: bytes) -> bytes:
    """Encipher or decipher `data`, which stands at `offset` of its file."""
    block, skip = divmod(offset, _BLOCK)
    start = nonce + block.to_bytes(_BLOCK - NONCE)
    return gmssl_pyx.sm4_ctr_encrypt(key, start, bytes(skip) + data)[skip:]  # type: ignore[no-any-return]  # untyped


def crypt_on(key: bytes, nonce: bytes) -> Callable[[bytes], bytes]:
    """Enciphers a file from its beginning, piece after piece."""
    return Cipher(algorithms.SM4(key), modes.CTR(nonce + bytes(_BLOCK - NONCE))).encryptor().update
