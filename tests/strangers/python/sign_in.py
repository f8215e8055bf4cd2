"""msal and azure-identity: at the simulator's own address, and unchanged through HTTPS_PROXY."""

import asyncio
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.request
from contextlib import contextmanager

import msal
from azure.identity import (
    CertificateCredential, ClientAssertionCredential, ClientSecretCredential, EnvironmentCredential, ManagedIdentityCredential,
    OnBehalfOfCredential, WorkloadIdentityCredential,
)

from report import play

ROOT, PLAIN = os.environ["GRAPH_ROOT"], os.environ["PLAIN_ROOT"]
FACTS = json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{PLAIN}/simulator/tenant"))
TENANT = FACTS["tenant"]["id"]
ID, SECRET = FACTS["clients"][0]["clientId"], FACTS["clients"][0]["clientSecret"]
SCOPE = "https://graph.microsoft.com/.default"
DIRECT = {"authority": ROOT, "disable_instance_discovery": True, "retry_total": 0}


@contextmanager
def environment(**variables):
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def with_environment(make, **variables):
    def run():
        with environment(**variables):
            return make().get_token(SCOPE)
    return run


def token(make):
    return lambda: make().get_token(SCOPE)


def is_jwt(value, error):
    return error is None and value.token.count(".") == 2


def acquired(value, error):
    return error is None and value["access_token"].count(".") == 2


def says(text):
    return lambda value, error: text in str(error if error else value)


folder = pathlib.Path(tempfile.mkdtemp())
key, certificate, both, federated = (folder / name for name in ("key.pem", "certificate.pem", "both.pem", "federated.txt"))
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=strangers"],
    check=True, capture_output=True,
)
both.write_text(key.read_text() + certificate.read_text())
federated.write_text("a.b.c")

azure = [
    ("ClientSecretCredential(authority, disable_instance_discovery)", "token", token(lambda: ClientSecretCredential(TENANT, ID, SECRET, **DIRECT)), is_jwt),
    ("ClientSecretCredential, tenant by domain", "token", token(lambda: ClientSecretCredential("contoso.com", ID, SECRET, **DIRECT)), is_jwt),
    ("ClientSecretCredential unchanged, through HTTPS_PROXY", "token", token(lambda: ClientSecretCredential(TENANT, ID, SECRET)), is_jwt),
    ("wrong secret", "ClientAuthenticationError AADSTS7000215", token(lambda: ClientSecretCredential(TENANT, ID, "wrong", **DIRECT)), says("AADSTS7000215")),
    ("CertificateCredential", "token", token(lambda: CertificateCredential(TENANT, ID, str(both), **DIRECT)), is_jwt),
    ("ClientAssertionCredential", "token", token(lambda: ClientAssertionCredential(TENANT, ID, lambda: "a.b.c", **DIRECT)), is_jwt),
    ("OnBehalfOfCredential", "token", token(lambda: OnBehalfOfCredential(TENANT, ID, client_secret=SECRET, user_assertion="a.b.c", **DIRECT)), is_jwt),
    ("WorkloadIdentityCredential (federated token file)", "token", token(lambda: WorkloadIdentityCredential(tenant_id=TENANT, client_id=ID, token_file_path=str(federated), **DIRECT)), is_jwt),
    ("ManagedIdentityCredential (App Service variables)", "token",
     with_environment(ManagedIdentityCredential, IDENTITY_ENDPOINT=f"{PLAIN}/msi/token", IDENTITY_HEADER="anything"), is_jwt),
    ("ManagedIdentityCredential (virtual machine)", "token", with_environment(ManagedIdentityCredential, AZURE_POD_IDENTITY_AUTHORITY_HOST=PLAIN), is_jwt),
    ("EnvironmentCredential (AZURE_TENANT_ID, …, AZURE_AUTHORITY_HOST)", "token",
     with_environment(lambda: EnvironmentCredential(disable_instance_discovery=True), AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=ID, AZURE_CLIENT_SECRET=SECRET, AZURE_AUTHORITY_HOST=ROOT), is_jwt),
]


def application(credential=SECRET, **options):
    return msal.ConfidentialClientApplication(ID, client_credential=credential, **{"authority": f"{ROOT}/{TENANT}", "instance_discovery": False, **options})


def twice():
    app = application()
    app.acquire_token_for_client([SCOPE])
    return app.acquire_token_for_client([SCOPE])


# The grant of the third leg has no method in every version.
def user_fic():
    app = application()
    return app.acquire_token_by_user_federated_identity_credential([SCOPE], "a.b.c", username="first.agent@contoso.com")


ms_authority = f"https://login.microsoftonline.com/{TENANT}"
msals = [
    ("ConfidentialClientApplication.acquire_token_for_client", "token", lambda: application().acquire_token_for_client([SCOPE]), acquired),
    ("acquire_token_for_client, oidc_authority=", "token", lambda: application(authority=None, oidc_authority=f"{ROOT}/{TENANT}/v2.0").acquire_token_for_client([SCOPE]), acquired),
    ("acquire_token_for_client unchanged, instance discovery on, through HTTPS_PROXY", "token",
     lambda: application(authority=ms_authority, instance_discovery=True).acquire_token_for_client([SCOPE]), acquired),
    ("second call comes from the cache", "token_source cache", twice, lambda value, error: value["token_source"] == "cache"),
    ("acquire_token_on_behalf_of", "token", lambda: application().acquire_token_on_behalf_of("a.b.c", [SCOPE]), acquired),
    ("acquire_token_for_client(fmi_path=agent identity)", "T1",
     lambda: application().acquire_token_for_client(["api://AzureADTokenExchange/.default"], fmi_path="a1d00000-0000-4000-8000-000000000001"), acquired),
    ("user_fic (leg 3)", "token", user_fic, acquired),
    ("client_credential={private_key, public_certificate}", "token",
     lambda: application({"private_key": key.read_text(), "public_certificate": certificate.read_text()}).acquire_token_for_client([SCOPE]), acquired),
]


async def main():
    await play("azure-identity (Python)", azure)
    await play("msal (Python)", msals)


asyncio.run(main())
