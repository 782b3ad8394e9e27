"""`private_key_jwt`: a program signs a short assertion instead of sending a secret (RFC 7523)."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from jwcrypto import jwk

from api.models import Credential, UsedAssertion
from api.version import PREFIX

TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LEEWAY: Final = timedelta(seconds=30)
# An assertion lives minutes; one that lives longer is a password in disguise.
LONGEST: Final = timedelta(minutes=5)
LEAST_RSA_BITS: Final = 2048


def audiences() -> list[str]:
    """Whom an assertion may be for: this installation, or its token address."""
    return [settings.SITE_URL, f"{settings.SITE_URL}{PREFIX}/oauth/token"]


def public_half(given: Any) -> tuple[dict[str, Any], str]:
    """A key as it is kept, with its thumbprint (RFC 7638).

    Args:
        given: a JWK as a program's administrator gave it.

    Raises:
        ValidationError: no key, a private or shared one, or one that is too weak.
    """
    try:
        if not isinstance(given, dict):
            raise ValueError("no object")
        key = jwk.JWK(**given)
        is_secret = given["kty"] == "oct" or key.has_private
    except (jwk.InvalidJWKValue, jwk.InvalidJWKType, KeyError, ValueError, TypeError):
        raise ValidationError({"key": _("This is no public key (JWK).")}) from None
    if is_secret:
        raise ValidationError(
            {"key": _("Give the public half only. This key is not secret any more: make another.")}
        )
    public: dict[str, Any] = key.export_public(as_dict=True)
    try:
        algorithm = _algorithm(public)
    except ValueError:
        raise ValidationError(
            {"key": _("Use RSA of at least 2048 bits, P-256 or Ed25519.")}
        ) from None
    kept: dict[str, Any] = {
        name: public[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in public
    }
    thumbprint = hashlib.sha256(key.thumbprint().encode()).hexdigest()
    kid = given.get("kid")
    kept |= {"alg": algorithm, "kid": kid if isinstance(kid, str) and kid else key.thumbprint()}
    return kept, thumbprint


def signer_of(assertion: str, *, client_id: str | None) -> Credential | None:
    """The key that signed an assertion, where all of it is right and it is used for the first time.

    Args:
        client_id: what the call names beside the assertion; it must be the same program.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        unproven = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        return None
    issuer = unproven.get("iss")
    if not isinstance(issuer, str) or client_id not in (None, "", issuer):
        return None
    for credential in _keys(issuer, header.get("kid")):
        claims = _proven(assertion, credential, issuer)
        if claims is not None:
            return credential if _first_use(credential, claims) else None
    return None


def _keys(client_id: str, kid: Any) -> list[Credential]:
    found = (
        Credential.objects.select_related("client__application", "client__partner")
        .select_for_update(of=("self", "client"), no_key=True)
        .filter(
            client__application__client_id=client_id,
            client__withdrawn_at__isnull=True,
            client__partner__is_active=True,
            kind=Credential.Kind.KEY,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
    )
    return [one for one in found if kid is None or (one.key or {}).get("kid") == kid]


def _proven(assertion: str, credential: Credential, issuer: str) -> dict[str, Any] | None:
    key = credential.key or {}
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            jwt.PyJWK(key, algorithm=_algorithm(key)).key,
            # RSA keys sign in two ways; every other key in one.
            algorithms=["RS256", "PS256"] if key["kty"] == "RSA" else [_algorithm(key)],
            audience=audiences(),
            issuer=issuer,
            subject=issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "sub", "aud", "jti"]},
        )
    except (jwt.PyJWTError, ValueError):
        return None
    ends_at = datetime.fromtimestamp(claims["exp"], UTC)
    if ends_at > timezone.now() + LONGEST + LEEWAY:
        return None
    return claims


def _first_use(credential: Credential, claims: dict[str, Any]) -> bool:
    jti = claims["jti"]
    if not isinstance(jti, str) or not jti:
        return False
    try:
        with transaction.atomic():
            UsedAssertion.objects.create(
                client=credential.client,
                jti=hashlib.sha256(jti.encode()).hexdigest(),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC) + LEEWAY,
            )
    except IntegrityError:
        return False
    return True


def _algorithm(key: dict[str, Any]) -> str:
    """How a key signs when it does not say so.

    Raises:
        ValueError: a kind, curve or size that is not taken.
    """
    match key.get("kty"), key.get("crv"):
        case "RSA", _:
            public = jwt.PyJWK(key, algorithm="RS256").key
            if isinstance(public, rsa.RSAPublicKey) and public.key_size >= LEAST_RSA_BITS:
                return "RS256"
        case "EC", "P-256":
            return "ES256"
        case "OKP", "Ed25519":
            return "EdDSA"
    raise ValueError("a key that is not taken")
