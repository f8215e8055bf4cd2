"""msal and azure-identity: every leg of sign-in that they have, at the simulator's own address, and some of it unchanged through
HTTPS_PROXY. A token counts when the simulated Graph takes it; and `agentuser` must get the same."""

import asyncio
import base64
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager

import msal
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential, ClientAssertionCredential, ClientSecretCredential, DeviceCodeCredential, EnvironmentCredential,
    ManagedIdentityCredential, OnBehalfOfCredential, WorkloadIdentityCredential,
)

from report import play

ROOT, PLAIN = os.environ["GRAPH_ROOT"], os.environ["PLAIN_ROOT"]
FACTS = json.loads(os.environ["SIGN_IN"])
TENANT, IDENTITY, AGENT_USER, PERSON = FACTS["tenant"], FACTS["identity"], FACTS["agentUser"], FACTS["person"]
BLUEPRINT, APPLICATION, APP_OF_IDENTITY = FACTS["blueprint"], FACTS["application"], FACTS["identityApp"]
ID, SECRET = APPLICATION["clientId"], APPLICATION["clientSecret"]
SCOPE, EXCHANGE = "https://graph.microsoft.com/.default", "api://AzureADTokenExchange/.default"
ACCESS_AGENT = f"api://{BLUEPRINT['clientId']}/access_agent"
KEY, CERTIFICATE, BOTH = (pathlib.Path(FACTS[name]) for name in ("key", "certificate", "both"))
DIRECT = {"authority": ROOT, "disable_instance_discovery": True, "retry_total": 0}
HERE = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def environment(**variables):
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


# Checks of tokens, by their claims and by Graph's answers.

def graph(path, token):
    request = urllib.request.Request(f"{PLAIN}/v1.0{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with HERE.open(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def order(what, **members):
    request = urllib.request.Request(f"{PLAIN}/simulator/{what}", json.dumps(members).encode(), {"Content-Type": "application/json"})
    return json.load(HERE.open(request))


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def text(value):
    """The token of an answer of either library."""
    return value["access_token"] if isinstance(value, dict) else value.token


def is_jwt(value, error):
    return error is None and text(value).count(".") == 2


def reads_users(value, error):
    """An application's token, which has no user behind it."""
    return error is None and "value" in graph("/users?$top=1", text(value)) and graph("/me", text(value))["error"]["code"] == "BadRequest"


def is_user(who):
    def judge(value, error):
        if error is not None:
            return False
        me = graph("/me", text(value))
        return me["id"] == who["id"] and claims(text(value))["oid"] == who["id"]
    return judge


def is_agent_user(value, error):
    """Signed in as the agent user: /me is it, with its license and its own kind among the token's facets."""
    if not is_user(AGENT_USER)(value, error):
        return False
    found = claims(text(value))
    licenses = [one["skuPartNumber"] for one in graph("/me/licenseDetails", text(value))["value"]]
    return licenses == [AGENT_USER["sku"]] and "13" in found["xms_sub_fct"].split() and found["xms_par_app_azp"] == BLUEPRINT["clientId"]


def is_exchange(subject):
    """A token for nobody but Entra: its subject ends with the agent identity, and Graph refuses it."""
    def judge(value, error):
        return error is None and claims(text(value))["sub"].endswith(subject) and graph("/me", text(value))["error"]["code"] == "InvalidAuthenticationToken"
    return judge


def refused(number, kind=None):
    """The number of the refusal is in the library's own error: msal returns it, azure-identity raises it."""
    def judge(value, error):
        if error is not None:
            return isinstance(error, kind or ClientAuthenticationError) and f"AADSTS{number}" in str(error)
        return number in value.get("error_codes", []) and f"AADSTS{number}" in value["error_description"]
    return judge


# The same by agentuser.

CHANGING = {"iat", "nbf", "exp", "uti", "jti", "rh", "aio"}


def ours(*arguments, client=APPLICATION, tenant=TENANT, **variables):
    """The token that `agentuser token` prints. It knows only Microsoft's addresses, and goes through the proxy."""
    settings = {
        "AGENTUSER_TENANT": tenant, "AGENTUSER_CLIENT_ID": client.get("clientId"), "AGENTUSER_CLIENT_SECRET": client.get("clientSecret"), **variables,
    }
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE")}
    given = {name: value for name, value in settings.items() if value is not None}
    done = subprocess.run([FACTS["agentuser"], "token", *arguments], env={**inherited, **given}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


def same(theirs, *arguments, **options):
    """Both get a token with the same claims, times and ids of the token itself left out."""
    def run():
        return [{name: value for name, value in claims(token).items() if name not in CHANGING} for token in (text(theirs()), ours(*arguments, **options))]
    return run


def are_equal(value, error):
    return error is None and value[0] == value[1] and "appid" in value[0]


# msal

def application(credential=SECRET, client_id=ID, **options):
    return msal.ConfidentialClientApplication(client_id, client_credential=credential, **{"authority": f"{ROOT}/{TENANT}", "instance_discovery": False, **options})


def blueprint(credential=None, **options):
    return application(credential or BLUEPRINT["clientSecret"], BLUEPRINT["clientId"], **options)


def t1(identity=IDENTITY, app=None):
    return (app or blueprint()).acquire_token_for_client([EXCHANGE], fmi_path=identity)


def agent(identity=IDENTITY, app=None):
    """The agent identity, proved by its blueprint's token."""
    return application({"client_assertion": t1(identity, app)["access_token"]}, identity)


def agent_user(identity=IDENTITY, app=None, **user):
    client = agent(identity, app)
    t2 = client.acquire_token_for_client([EXCHANGE])["access_token"]
    return client.acquire_token_by_user_federated_identity_credential([SCOPE], t2, **user)


def silent_after_user_fic():
    client = agent()
    t2 = client.acquire_token_for_client([EXCHANGE])["access_token"]
    client.acquire_token_by_user_federated_identity_credential([SCOPE], t2, user_object_id=AGENT_USER["id"])
    [account] = client.get_accounts()
    return client.acquire_token_silent([SCOPE], account)


def certificate():
    return {"private_key": KEY.read_text(), "public_certificate": CERTIFICATE.read_text()}


def unknown_certificate():
    folder = pathlib.Path(tempfile.mkdtemp())
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key", "-out", folder / "certificate", "-days", "2", "-subj", "/CN=unknown"],
        check=True, capture_output=True,
    )
    return {"private_key": (folder / "key").read_text(), "public_certificate": (folder / "certificate").read_text()}


def public():
    return msal.PublicClientApplication(PERSON["clientId"], authority=f"{ROOT}/{TENANT}", instance_discovery=False)


def decide(code, decision="approve"):
    """A person types the code on the page that the message names."""
    query = urllib.parse.urlencode({"code": code, "user": PERSON["userPrincipalName"], "decision": decision})
    HERE.open(f"{PLAIN}/common/oauth2/deviceauth?{query}").read()


def device_code(scopes, decision="approve"):
    app = public()
    flow = app.initiate_device_flow(scopes)
    decide(flow["user_code"], decision)
    return app.acquire_token_by_device_flow(flow)


def browser():
    """The authorization code with its proof key, with a page that approves itself."""
    app = public()
    flow = app.initiate_auth_code_flow(["User.Read"], redirect_uri="http://localhost:1")
    address = f"{flow['auth_uri']}&simulator_decision=approve&simulator_user={urllib.parse.quote(PERSON['userPrincipalName'])}"
    address = address.replace(ROOT, PLAIN)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay).open(address)
    except urllib.error.HTTPError as answer:
        query = urllib.parse.urlsplit(answer.headers["Location"]).query
        return app.acquire_token_by_auth_code_flow(flow, dict(urllib.parse.parse_qsl(query)))
    raise AssertionError("no redirect")


def refreshed():
    app = public()
    flow = app.initiate_device_flow(["User.Read"])
    decide(flow["user_code"])
    app.acquire_token_by_device_flow(flow)
    return app.acquire_token_silent_with_error(["User.Read"], app.get_accounts()[0], force_refresh=True)


def user_token():
    """The token with which a person calls the agent: Tc."""
    return device_code([ACCESS_AGENT])["access_token"]


def on_behalf_of(assertion=None):
    return agent().acquire_token_on_behalf_of(assertion or user_token(), ["User.Read"])


def twice():
    app = application()
    app.acquire_token_for_client([SCOPE])
    return app.acquire_token_for_client([SCOPE])


def of_one_identity_each():
    """T1 of one agent identity must not come from the cache for another."""
    app = blueprint()
    return [claims(t1(identity, app)["access_token"])["sub"] for identity in (IDENTITY, FACTS["identityWithoutConsent"], IDENTITY)]


def blocked(**policy):
    """A policy for the agent user: its agent identity signs in all the same, up to the last leg."""
    user = AGENT_USER["userPrincipalName"]
    order("policies", policies=[{"name": "c1", "clientId": APP_OF_IDENTITY, "user": user, **policy}])
    try:
        return agent_user(user_object_id=AGENT_USER["id"])
    finally:
        order("policies", policies=[])


def asks_for_claims(value, error):
    return error is None and 50076 in value["error_codes"] and "access_token" in json.loads(value["claims"])


ms_authority = f"https://login.microsoftonline.com/{TENANT}"
msals = [
    ("ConfidentialClientApplication.acquire_token_for_client", "token", lambda: application().acquire_token_for_client([SCOPE]), reads_users),
    ("acquire_token_for_client, oidc_authority=", "token", lambda: application(authority=None, oidc_authority=f"{ROOT}/{TENANT}/v2.0").acquire_token_for_client([SCOPE]), is_jwt),
    ("acquire_token_for_client unchanged, instance discovery on, through HTTPS_PROXY", "token",
     lambda: application(authority=ms_authority, instance_discovery=True).acquire_token_for_client([SCOPE]), reads_users),
    ("second call comes from the cache", "token_source cache", twice, lambda value, error: value["token_source"] == "cache"),
    ("blueprint's own token", "token", lambda: blueprint().acquire_token_for_client([SCOPE]), reads_users),
    ("client_credential={private_key, public_certificate}", "token", lambda: blueprint(certificate()).acquire_token_for_client([SCOPE]), reads_users),
    ("acquire_token_for_client(fmi_path=agent identity)", "T1", t1, is_exchange(IDENTITY)),
    ("T1 with a certificate", "T1", lambda: t1(app=blueprint(certificate())), is_exchange(IDENTITY)),
    ("T1 of each agent identity", "another sub for each", of_one_identity_each, lambda value, error: value[0] == value[2] != value[1]),
    ("T2 (client_assertion=T1)", "T2", lambda: agent().acquire_token_for_client([EXCHANGE]), is_exchange(IDENTITY)),
    ("agent identity's own token (client_assertion=T1)", "token", lambda: agent().acquire_token_for_client([SCOPE]),
     lambda value, error: is_jwt(value, error) and claims(text(value))["idtyp"] == "app" and claims(text(value))["oid"] == IDENTITY),
    ("acquire_token_by_user_federated_identity_credential(user_object_id=…)", "/me and its licenses", lambda: agent_user(user_object_id=AGENT_USER["id"]), is_agent_user),
    ("acquire_token_by_user_federated_identity_credential(username=…)", "/me and its licenses", lambda: agent_user(username=AGENT_USER["userPrincipalName"]), is_agent_user),
    ("agent user, blueprint with a certificate", "/me and its licenses", lambda: agent_user(app=blueprint(certificate()), user_object_id=AGENT_USER["id"]), is_agent_user),
    ("acquire_token_silent after user_fic", "from the cache", silent_after_user_fic, lambda value, error: value["token_source"] == "cache" and is_agent_user(value, error)),
    ("device code", "/me is the person", lambda: device_code(["User.Read"]), is_user(PERSON)),
    ("authorization code with PKCE", "/me is the person", browser, is_user(PERSON)),
    ("refresh token", "/me is the person", refreshed, lambda value, error: value["token_source"] == "identity_provider" and is_user(PERSON)(value, error)),
    ("acquire_token_on_behalf_of, the agent identity as client", "/me is the person", on_behalf_of, is_user(PERSON)),

    ("wrong secret", "AADSTS7000215", lambda: application("wrong").acquire_token_for_client([SCOPE]), refused(7000215)),
    ("certificate that is not registered", "AADSTS700027", lambda: blueprint(unknown_certificate()).acquire_token_for_client([SCOPE]), refused(700027)),
    ("application of another tenant", "AADSTS700016", lambda: application(client_id="00000000-0000-4000-8000-00000000dead").acquire_token_for_client([SCOPE]), refused(700016)),
    ("UPN as user_object_id", "AADSTS50000", lambda: agent_user(user_object_id=AGENT_USER["userPrincipalName"]), refused(50000)),
    ("T1 of another agent identity", "an error of Entra", lambda: application({"client_assertion": t1(FACTS["identityWithoutConsent"])["access_token"]}, IDENTITY).acquire_token_for_client([EXCHANGE]),
     lambda value, error: error is None and "access_token" not in value and "AADSTS" in value["error_description"]),
    ("consent missing", "AADSTS65001", lambda: agent().acquire_token_on_behalf_of(user_token(), ["User.ReadWrite.All"]), refused(65001)),
    ("token of a user for another audience, on behalf of", "AADSTS50013", lambda: on_behalf_of(device_code(["User.Read"])["access_token"]), refused(50013)),
    ("blueprint on behalf of a user", "AADSTS82002", lambda: blueprint().acquire_token_on_behalf_of(user_token(), ["User.Read"]), refused(82002)),
    ("blueprint's token for another resource", "AADSTS82001", lambda: blueprint().acquire_token_for_client(["https://api.botframework.com/.default"]), refused(82001)),
    ("scope without /.default", "AADSTS1002012", lambda: application().acquire_token_for_client(["https://graph.microsoft.com/User.Read.All"]), refused(1002012)),
    ("device code declined", "authorization_declined", lambda: device_code(["User.Read"], "decline"), lambda value, error: value["error"] == "authorization_declined"),
    ("blocked by Conditional Access", "AADSTS53003", lambda: blocked(block=53003), refused(53003)),
    ("Conditional Access asks for claims", "AADSTS50076 with claims", lambda: blocked(claimsAtSignIn=50076), asks_for_claims),

    ("agentuser gets the same: application's secret", "the same claims", same(lambda: application().acquire_token_for_client([SCOPE])), are_equal),
    ("agentuser gets the same: blueprint's certificate", "the same claims",
     same(lambda: blueprint(certificate()).acquire_token_for_client([SCOPE]), "--client-certificate", str(BOTH), client={"clientId": BLUEPRINT["clientId"]}), are_equal),
    ("agentuser gets the same: agent identity", "the same claims", same(lambda: agent().acquire_token_for_client([SCOPE]), "--agent-identity", IDENTITY, client=BLUEPRINT), are_equal),
    ("agentuser gets the same: agent user by id", "the same claims",
     same(lambda: agent_user(user_object_id=AGENT_USER["id"]), "--agent-identity", IDENTITY, "--agent-user", AGENT_USER["id"], client=BLUEPRINT), are_equal),
    ("agentuser gets the same: agent user by name", "the same claims",
     same(lambda: agent_user(username=AGENT_USER["userPrincipalName"]), "--agent-identity", IDENTITY, "--agent-user", AGENT_USER["userPrincipalName"], client=BLUEPRINT), are_equal),
]


# azure-identity

def token(make, scope=SCOPE):
    return lambda: make().get_token(scope)


def with_environment(make, **variables):
    def run():
        with environment(**variables):
            return make().get_token(SCOPE)
    return run


def of_agent(assertion):
    return ClientAssertionCredential(TENANT, IDENTITY, assertion, **DIRECT)


def token_file():
    file = pathlib.Path(tempfile.mkdtemp()) / "token"
    file.write_text(t1()["access_token"])
    return str(file)


def prompt(_uri, code, _expires):
    decide(code)


azure = [
    ("ClientSecretCredential(authority, disable_instance_discovery)", "token", token(lambda: ClientSecretCredential(TENANT, ID, SECRET, **DIRECT)), reads_users),
    ("ClientSecretCredential, tenant by domain", "token", token(lambda: ClientSecretCredential("contoso.com", ID, SECRET, **DIRECT)), reads_users),
    ("ClientSecretCredential unchanged, through HTTPS_PROXY", "token", token(lambda: ClientSecretCredential(TENANT, ID, SECRET)), reads_users),
    ("CertificateCredential", "token", token(lambda: CertificateCredential(TENANT, BLUEPRINT["clientId"], str(BOTH), **DIRECT)), reads_users),
    ("CertificateCredential(send_certificate_chain)", "token", token(lambda: CertificateCredential(TENANT, BLUEPRINT["clientId"], str(BOTH), send_certificate_chain=True, **DIRECT)), reads_users),
    ("ClientAssertionCredential of the agent identity (T1)", "token", token(lambda: of_agent(lambda: t1()["access_token"])),
     lambda value, error: is_jwt(value, error) and claims(text(value))["oid"] == IDENTITY),
    ("ClientAssertionCredential, leg 2", "T2", token(lambda: of_agent(lambda: t1()["access_token"]), EXCHANGE), is_exchange(IDENTITY)),
    ("WorkloadIdentityCredential (the file has T1)", "token", token(lambda: WorkloadIdentityCredential(tenant_id=TENANT, client_id=IDENTITY, token_file_path=token_file(), **DIRECT)),
     lambda value, error: is_jwt(value, error) and claims(text(value))["oid"] == IDENTITY),
    ("OnBehalfOfCredential of the agent identity", "/me is the person",
     lambda: OnBehalfOfCredential(TENANT, IDENTITY, client_assertion_func=lambda: t1()["access_token"], user_assertion=user_token(), **DIRECT).get_token("User.Read"), is_user(PERSON)),
    ("DeviceCodeCredential", "/me is the person",
     lambda: DeviceCodeCredential(PERSON["clientId"], tenant_id=TENANT, prompt_callback=prompt, **DIRECT).get_token("User.Read"), is_user(PERSON)),
    ("ManagedIdentityCredential (App Service variables)", "token",
     with_environment(ManagedIdentityCredential, IDENTITY_ENDPOINT=f"{PLAIN}/msi/token", IDENTITY_HEADER="anything"), reads_users),
    ("ManagedIdentityCredential (virtual machine)", "token", with_environment(ManagedIdentityCredential, AZURE_POD_IDENTITY_AUTHORITY_HOST=PLAIN), reads_users),
    ("EnvironmentCredential (AZURE_TENANT_ID, …, AZURE_AUTHORITY_HOST)", "token",
     with_environment(lambda: EnvironmentCredential(disable_instance_discovery=True), AZURE_TENANT_ID=TENANT, AZURE_CLIENT_ID=ID, AZURE_CLIENT_SECRET=SECRET, AZURE_AUTHORITY_HOST=ROOT), reads_users),

    ("wrong secret", "ClientAuthenticationError AADSTS7000215", token(lambda: ClientSecretCredential(TENANT, ID, "wrong", **DIRECT)), refused(7000215)),
    ("assertion that nobody gave", "ClientAuthenticationError AADSTS50027", token(lambda: of_agent(lambda: "a.b.c")), refused(50027)),
    ("consent missing, on behalf of", "ClientAuthenticationError AADSTS65001",
     lambda: OnBehalfOfCredential(TENANT, IDENTITY, client_assertion_func=lambda: t1()["access_token"], user_assertion=user_token(), **DIRECT).get_token("User.ReadWrite.All"), refused(65001)),

    ("agentuser gets the same: application's secret", "the same claims", same(token(lambda: ClientSecretCredential(TENANT, ID, SECRET, **DIRECT))), are_equal),
    ("agentuser gets the same: managed identity", "the same claims",
     same(with_environment(ManagedIdentityCredential, IDENTITY_ENDPOINT=f"{PLAIN}/msi/token", IDENTITY_HEADER="anything"), "--managed-identity", client={},
          tenant=None, IDENTITY_ENDPOINT=f"{PLAIN}/msi/token", IDENTITY_HEADER="anything"), are_equal),
    ("agentuser gets the same: agent identity", "the same claims", same(token(lambda: of_agent(lambda: t1()["access_token"])), "--agent-identity", IDENTITY, client=BLUEPRINT), are_equal),
]


async def main():
    await play("azure-identity (Python)", azure)
    await play("msal (Python)", msals)


asyncio.run(main())
