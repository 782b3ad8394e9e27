"""A small identity broker that really speaks OpenID Connect, on a port of this machine.

It knows one client, demands PKCE with S256, gives each code once, and signs its tokens.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "budgetpool", "a secret of the client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Broker:
    def __init__(self, issuer):
        self.issuer = issuer
        self.claims = {}
        self.codes = {}
        self.refused = []

    def answer(self, method, path, query, form, authorization):
        match path:
            case "/.well-known/openid-configuration":
                return 200, self.configuration()
            case "/authorize":
                return self.authorize(query)
            case "/token" if method == "POST":
                return self.token(form)
            case "/jwks":
                key = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
                return 200, {"keys": [key | {"kid": "one", "alg": "RS256", "use": "sig"}]}
            case "/userinfo":
                known = authorization == f"Bearer {self.claims['sub']}-token"
                return (200, self.claims) if known else (401, {"error": "invalid_token"})
        return 404, {}

    def configuration(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, query):
        if query.get("client_id") != CLIENT_ID or query.get("response_type") != "code":
            return 400, {"error": "invalid_request"}
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            return 400, {"error": "invalid_request", "error_description": "PKCE is needed"}
        code = secrets.token_urlsafe(16)
        self.codes[code] = (query["code_challenge"], query["redirect_uri"])
        return 302, f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form):
        challenge, redirect_uri = self.codes.pop(form.get("code"), (None, None))
        verifier = form.get("code_verifier", "").encode()
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        client = (form.get("client_id"), form.get("client_secret"))
        if (
            client != (CLIENT_ID, CLIENT_SECRET)
            or challenge != made
            or redirect_uri != form.get("redirect_uri")
        ):
            self.refused.append(form)
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        identity = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        token = jwt.encode(identity | self.claims, KEY, "RS256", headers={"kid": "one"})
        access = f"{self.claims['sub']}-token"
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": token}


@contextmanager
def running():
    """A broker that answers until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlsplit(self.path)
            form = {}
            if length := int(self.headers.get("Content-Length") or 0):
                form = _first(self.rfile.read(length).decode())
            status, body = broker.answer(
                self.command,
                address.path,
                _first(address.query),
                form,
                self.headers.get("Authorization"),
            )
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body)
                body = {}
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        do_POST = do_GET

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    broker = Broker(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield broker
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _first(text):
    return {name: values[0] for name, values in parse_qs(text).items()}
