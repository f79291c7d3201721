"""A council's sign-in as a program of its own: `python provider.py PORT`, OpenID Connect by Authlib's own server side.

It keeps what the standard asks of a provider (redirect addresses, PKCE, codes that work once, nonces) by code that the
portal does not use. Whoever comes says by `as` who they are; `trick` makes it answer as a broken or hostile one would.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from base64 import urlsafe_b64encode as b64
from typing import Any, ClassVar

from flask import Flask, Response, jsonify, redirect, request

warnings.simplefilter("ignore")
from authlib.integrations.flask_oauth2 import AuthorizationServer  # noqa: E402
from authlib.oauth2.rfc6749 import ClientMixin, grants  # noqa: E402
from authlib.oauth2.rfc7636 import CodeChallenge  # noqa: E402
from joserfc import jwt  # noqa: E402
from joserfc.jwk import RSAKey  # noqa: E402

CLIENT, SECRET = "rowan", "a secret of both"
KEY, OTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
app = Flask("provider")
codes: dict[str, Any] = {}


class Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return bool(redirect_uri == "http://staff.localhost/signed-on")

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(client_secret == SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return bool(method == "client_secret_basic")

    def check_response_type(self, response_type: str) -> bool:
        return bool(response_type == "code")

    def check_grant_type(self, grant_type: str) -> bool:
        return bool(grant_type == "authorization_code")

    def get_allowed_scope(self, scope: str) -> str:
        return scope


class Code(dict):  # type: ignore[type-arg]
    def get_redirect_uri(self) -> str:
        return str(self["redirect_uri"])

    def get_scope(self) -> str:
        return str(self["scope"])

    @property
    def code_challenge(self) -> str:
        return str(self["code_challenge"])

    @property
    def code_challenge_method(self) -> str:
        return str(self["code_challenge_method"])


class ByCode(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = dict(request.payload.data)
        codes[code] = Code(asked | {"user": request.user, "trick": asked.get("trick", "")})

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code, kept in list(codes.items()):
            if kept is authorization_code:
                del codes[code]

    def authenticate_user(self, authorization_code: Code) -> str:
        self.request.said = authorization_code
        return str(authorization_code["user"])


def id_token(said: Code) -> str:
    trick, now = said["trick"], int(said.get("now") or time.time())
    claims: dict[str, Any] = {"iss": issuer(), "aud": CLIENT, "sub": said["user"], "nonce": said.get("nonce"), "iat": now,
              "exp": now + 300, "auth_time": now - int(said.get("ago") or 0)}  # fmt: skip
    tricks: dict[str, dict[str, Any]] = {
        "issuer": {"iss": "http://elsewhere.example"},
        "audience": {"aud": "another"},
        "nonce": {"nonce": "another"},
        "late": {"exp": now - 3600},
    }
    claims |= tricks.get(trick, {})
    if trick == "unsigned":
        parts = [b64(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, claims)]
        return ".".join([*parts, ""])
    if trick == "no time":
        del claims["auth_time"]
    return jwt.encode({"alg": "RS256"}, claims, OTHER_KEY if trick == "key" else KEY)


def token(grant_type: str, client: Client, user: Any = None, scope: str = "", **_: Any) -> dict[str, Any]:
    return {"access_token": "unused", "token_type": "Bearer", "expires_in": 60}


server = AuthorizationServer(app, query_client=lambda found: Client() if found == CLIENT else None,
                             save_token=lambda token, request: token.update(id_token=id_token(request.said)))  # fmt: skip
server.register_token_generator("default", token)
server.register_grant(ByCode, [CodeChallenge(required=True)])


def issuer() -> str:
    return f"http://127.0.0.1:{sys.argv[1]}"


@app.get("/.well-known/openid-configuration")
def about() -> Response:
    return jsonify(issuer=issuer(), authorization_endpoint=f"{issuer()}/authorize", token_endpoint=f"{issuer()}/token",
                   jwks_uri=f"{issuer()}/keys")  # fmt: skip


@app.get("/keys")
def keys() -> Response:
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.get("/authorize")
def authorize() -> Any:
    if not request.args.get("as"):
        return redirect("/who")
    return server.create_authorization_response(grant_user=request.args["as"])


@app.post("/token")
def give() -> Any:
    return server.create_token_response()


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]))
