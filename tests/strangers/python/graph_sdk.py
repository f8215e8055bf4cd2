"""msgraph-sdk, unchanged: it knows only Microsoft's addresses and goes through HTTPS_PROXY."""

import asyncio
import json
import os
import time
import urllib.request

from azure.core.credentials import AccessToken
from azure.identity.aio import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphServiceClient
from msgraph.generated.models.agent_user import AgentUser
from msgraph.generated.models.assigned_license import AssignedLicense
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.user import User
from msgraph.generated.models.user_collection_response import UserCollectionResponse
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.generated.users.item.assign_license.assign_license_post_request_body import AssignLicensePostRequestBody
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.page_iterator import PageIterator

from report import play

PLAIN = os.environ["PLAIN_ROOT"]
GRAPH = "https://graph.microsoft.com/v1.0"
FACTS = json.load(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{PLAIN}/simulator/tenant"))
FULL = next(sku["skuId"] for sku in FACTS["tenant"]["subscribedSkus"] if sku["skuPartNumber"] == "AGENT_365")
HUMANS = [human["id"] for human in FACTS["tenant"]["humans"]]
GROUP = FACTS["tenant"]["groups"][0]["id"]
NOBODY = "00000000-0000-4000-8000-00000000dead"


class Fixed:
    """A credential with one token."""

    def __init__(self, name):
        self.token = FACTS["tokens"][name] if name in FACTS["tokens"] else name

    async def get_token(self, *scopes, **options):
        return AccessToken(self.token, int(time.time()) + 3600)

    async def close(self):
        pass


def identity(number):
    return f"a1d00000-0000-4000-8000-{number:012x}"


def agent(number):
    return AgentUser(
        account_enabled=True, display_name=f"Py {number}", mail_nickname=f"py{number}", usage_location="US",
        user_principal_name=f"py{number}@contoso.com", identity_parent_id=identity(number), odata_type="#microsoft.graph.agentUser",
    )


def script(faults):
    request = urllib.request.Request(f"{PLAIN}/simulator/script", json.dumps(faults).encode(), method="POST")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()


def configured(headers=None, parameters=UsersRequestBuilder.UsersRequestBuilderGetQueryParameters, **query):
    """A request configuration with these query parameters."""
    configuration = RequestConfiguration(query_parameters=parameters(**query) if query else None)
    for name, value in (headers or {}).items():
        configuration.headers.add(name, value)
    return configuration


def failed(status, code):
    return lambda value, error: isinstance(error, ODataError) and error.response_status_code == status and error.error.code == code


def has(test):
    return lambda value, error: error is None and test(value)


def done(value, error):
    return error is None


EVENTUAL = {"ConsistencyLevel": "eventual"}


async def main():
    scopes = ["https://graph.microsoft.com/.default"]
    app = FACTS["clients"][-1]
    secret = GraphServiceClient(ClientSecretCredential(FACTS["tenant"]["id"], app["clientId"], app["clientSecret"]), scopes)
    client = GraphServiceClient(Fixed("admin"), scopes)
    users = client.users
    state = {}
    own = lambda: users.by_user_id(state["one"])

    async def raw(method, url, response, body=None):
        request = RequestInformation(method, url, {})
        request.url = f"{GRAPH}{url}"
        if body is not None:
            request.set_content_from_parsable(client.request_adapter, "application/json", body)
        return await client.request_adapter.send_async(request, response, {"XXX": ODataError})

    async def pages():
        found = []
        first = await users.get(configured(top=100))
        await PageIterator(first, client.request_adapter).iterate(lambda user: found.append(user) or True)
        return found

    async def create():
        user = await users.post(agent(21))
        state["one"] = user.id
        return user

    async def throttled():
        script([{"method": "GET", "path": "/users?", "fault": "throttled", "retryAfterSeconds": 1}])
        begin = time.monotonic()
        await users.get(configured(top=7))
        return time.monotonic() - begin

    async def batch(depends):
        requests = [users.by_user_id(HUMANS[0]).to_get_request_information(), client.organization.to_get_request_information()]
        items = [BatchRequestItem(request_information=request, id=str(n)) for n, request in enumerate(requests, 1)]
        for item in items:
            # msgraph-sdk-python#1015: the SDK leaves the host in the address of a part.
            item.url = item.url.replace("https://graph.microsoft.com", "").replace("/v1.0//", "/")
        if depends:
            items[1].set_depends_on([items[0]])
        answer = await client.batch.post(BatchRequestContent({item.id: item for item in items}))
        return sorted((id, response.status) for id, response in answer.responses.items())

    async def purge():
        await own().delete()
        await client.directory.deleted_items.by_directory_object_id(state["one"]).delete()

    names = lambda page: [user.display_name for user in page.value]
    found = lambda test: has(lambda page: test(page.value))
    await play("msgraph-sdk (Python)", [
        ("GraphServiceClient(ClientSecretCredential).users.get()", "users", lambda: secret.users.get(), found(lambda value: len(value) == 100)),
        ("PageIterator over users.get(top=100)", "all users", pages, has(lambda value: len(value) > 251)),
        ("GET /users/microsoft.graph.agentUser (raw)", "AgentUser instances", lambda: raw(Method.GET, "/users/microsoft.graph.agentUser?$top=5", UserCollectionResponse),
         found(lambda value: len(value) == 5 and all(isinstance(user, AgentUser) for user in value))),
        ("users.post(AgentUser(…))", "201 AgentUser", create, has(lambda user: isinstance(user, AgentUser) and user.identity_parent_id == identity(21))),
        ("POST /users/microsoft.graph.agentUser (raw)", "201 AgentUser", lambda: raw(Method.POST, "/users/microsoft.graph.agentUser", AgentUser, agent(22)),
         has(lambda user: user.user_principal_name == "py22@contoso.com")),
        ("users.by_user_id(id).get()", "AgentUser", lambda: own().get(), has(lambda user: isinstance(user, AgentUser))),
        ("get(select, expand=manager)", "identity_parent_id", lambda: own().get(configured(None, UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters, select=["id", "identityParentId"], expand=["manager"])),
         has(lambda user: user.identity_parent_id == identity(21))),
        ("patch(User(usage_location))", "User or nothing", lambda: own().patch(User(usage_location="DE", department="Sales")), done),
        ("manager.ref.put(ReferenceUpdate)", "204", lambda: own().manager.ref.put(ReferenceUpdate(odata_id=f"{GRAPH}/users/{HUMANS[0]}")), done),
        ("manager.get()", "User", lambda: own().manager.get(), has(lambda one: isinstance(one, User) and one.id == HUMANS[0])),
        # The answer is an object, as Graph's is; this version of the SDK declares a text and reads neither.
        ("manager.ref.get()", "@odata.id", lambda: own().manager.ref.get(), lambda link, error: HUMANS[0] in str(link) or "unexpected type 'str'" in str(error)),
        ("manager.ref.delete()", "204", lambda: own().manager.ref.delete(), done),
        ("sponsors.ref.post(ReferenceCreate) user", "204", lambda: own().sponsors.ref.post(ReferenceCreate(odata_id=f"{GRAPH}/users/{HUMANS[0]}")), done),
        ("sponsors.ref.post(ReferenceCreate) group", "204", lambda: own().sponsors.ref.post(ReferenceCreate(odata_id=f"{GRAPH}/groups/{GROUP}")), done),
        ("sponsors.get()", "User, Group", lambda: own().sponsors.get(), found(lambda value: {type(one) for one in value} >= {User, Group})),
        ("sponsors.by_directory_object_id(id).ref.delete()", "204", lambda: own().sponsors.by_directory_object_id(GROUP).ref.delete(), done),
        ("subscribed_skus.get()", "collection", lambda: client.subscribed_skus.get(), found(lambda value: state.update(sku=value[0].id) or any(sku.sku_part_number == "AGENT_365" for sku in value))),
        ("subscribed_skus.by_subscribed_sku_id(id).get()", "subscribedSku", lambda: client.subscribed_skus.by_subscribed_sku_id(state["sku"]).get(), has(lambda sku: sku.id == state["sku"])),
        ("assign_license.post()", "User", lambda: own().assign_license.post(AssignLicensePostRequestBody(add_licenses=[AssignedLicense(sku_id=FULL, disabled_plans=[])], remove_licenses=[])),
         has(lambda user: user.id == state["one"])),
        ("license_details.get()", "collection", lambda: own().license_details.get(), found(lambda value: value[0].sku_part_number == "AGENT_365")),
        ("revoke_sign_in_sessions.post()", "value True", lambda: own().revoke_sign_in_sessions.post(), has(lambda answer: answer.value is True)),
        ("users.count.get() + ConsistencyLevel", "int", lambda: users.count.get(configured(EVENTUAL)), has(lambda count: int(count) > 251)),
        ("users.delta.get()", "delta page", lambda: users.delta.get(), found(lambda value: len(value) > 0)),
        ("member_of.get()", "collection", lambda: own().member_of.get(), found(lambda value: isinstance(value, list))),
        ("users.get(filter=startswith(displayName,'agent1'))", "collection", lambda: users.get(configured(filter="startswith(displayName,'agent1')")), found(lambda value: len(value) > 0)),
        ("users.get(filter=accountEnabled eq false)", "collection", lambda: users.get(configured(filter="accountEnabled eq false")), found(lambda value: not value)),
        ("users.get(filter=userPrincipalName in ('agent61@contoso.com'))", "collection", lambda: users.get(configured(filter="userPrincipalName in ('agent61@contoso.com')")), found(lambda value: len(value) == 1)),
        ("users.get(filter=endsWith(userPrincipalName,'contoso.com'))", "collection", lambda: users.get(configured(EVENTUAL, filter="endsWith(userPrincipalName,'contoso.com')", count=True, top=5)), found(lambda value: len(value) == 5)),
        ("users.get(filter=not isof('microsoft.graph.agentUser'))", "collection", lambda: users.get(configured(EVENTUAL, filter="not isof('microsoft.graph.agentUser')", count=True)), found(lambda value: value and not any(isinstance(user, AgentUser) for user in value))),
        ("users.get(filter=displayName eq 'agent61' or displayName eq 'agent62')", "collection", lambda: users.get(configured(filter="displayName eq 'agent61' or displayName eq 'agent62'")), found(lambda value: len(value) == 2)),
        ("users.get(search, orderby, count)", "collection", lambda: users.get(configured(EVENTUAL, search='"displayName:agent6"', orderby=["displayName"], count=True)), has(lambda page: page.value and names(page) == sorted(names(page)))),
        ("404 → ODataError", "code, message, inner_error.request_id and date", lambda: users.by_user_id(NOBODY).get(),
         lambda value, error: failed(404, "Request_ResourceNotFound")(value, error) and error.error.inner_error.request_id and error.error.inner_error.date),
        ("400 UPN conflict → ODataError.details", "ObjectConflict with a message", lambda: users.post(agent(21)),
         lambda value, error: error.error.details[0].code == "ObjectConflict" and error.error.details[0].message),
        ("token nobody → 403", "ODataError", lambda: GraphServiceClient(Fixed("nobody"), scopes).users.get(), failed(403, "Authorization_RequestDenied")),
        ("token nope → 401", "ODataError", lambda: GraphServiceClient(Fixed("nope"), scopes).users.get(), failed(401, "InvalidAuthenticationToken")),
        ("token expired → 401", "ODataError", lambda: GraphServiceClient(Fixed("expired"), scopes).users.get(), failed(401, "InvalidAuthenticationToken")),
        ("429 once → RetryHandler", "success after 1 s", throttled, has(lambda seconds: seconds >= 0.9)),
        ("BatchRequestContent (2 GETs)", "200, 200", lambda: batch(False), has(lambda value: value == [("1", 200), ("2", 200)])),
        ("BatchRequestContent with dependsOn", "200, 200", lambda: batch(True), has(lambda value: value == [("1", 200), ("2", 200)])),
        ("users.by_user_id(id).delete()", "204", lambda: own().delete(), done),
        ("directory.deleted_items.graph_user.get()", "has it", lambda: client.directory.deleted_items.graph_user.get(), found(lambda value: any(user.id == state["one"] for user in value))),
        ("directory.deleted_items.by_directory_object_id(id).restore.post()", "DirectoryObject", lambda: client.directory.deleted_items.by_directory_object_id(state["one"]).restore.post(), has(lambda one: one.id == state["one"])),
        ("delete + deleted_items.by_directory_object_id(id).delete()", "204", purge, done),
    ])


asyncio.run(main())
