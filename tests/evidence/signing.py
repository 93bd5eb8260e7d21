"""Pictures with Content Credentials, signed by an authority that every run makes anew."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import c2pa  # type: ignore[import-untyped] # it has no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNER = "Triage Test Cameras"
SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_OFFLINE = {"verify": {"verify_after_sign": False, "verify_trust": False}}


def signed(
    content: bytes, media_type: str, *, source: str, generator: str = "Test Camera"
) -> bytes:
    """The same picture with a manifest that says how it came about, e.g. ``digitalCapture``."""
    manifest = {
        "claim_generator_info": [{"name": generator, "version": "1.0"}],
        "format": media_type,
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [{"action": "c2pa.created", "digitalSourceType": SOURCES + source}]
                },
            }
        ],
    }
    chain, key = _identity()
    about = c2pa.C2paSignerInfo(b"es256", chain, key, None)
    out = io.BytesIO()
    with (
        c2pa.Context.from_dict(_OFFLINE) as context,
        c2pa.Signer.from_info(about) as signer,
        c2pa.Builder(json.dumps(manifest), context) as builder,
    ):
        builder.sign(signer, media_type, io.BytesIO(content), out)
    return out.getvalue()


@cache
def _identity() -> tuple[bytes, bytes]:
    """The certificates, the signer's first, and the signer's key, both as PEM."""
    above, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate("Triage Test Authority", above, None)
    leaf = _certificate(SIGNER, own, (root, above))
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (leaf, root))
    key = own.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return chain, key


def _certificate(name: str, key: Any, issuer: tuple[x509.Certificate, Any] | None) -> Any:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
        ]
    )
    now = datetime.now(UTC)
    above = issuer[1] if issuer else key
    usage = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    usage["key_cert_sign" if issuer is None else "digital_signature"] = True
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False
        )
    )
    if issuer is not None:
        certificate = certificate.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=True
        )
    return certificate.sign(above, hashes.SHA256())
