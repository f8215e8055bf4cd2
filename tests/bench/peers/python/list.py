"""Lists every agent user by Microsoft's Python SDK and its PageIterator: list.py ENDPOINT"""

import asyncio
import sys

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.tasks.page_iterator import PageIterator

SELECT = [
    *("id", "userPrincipalName", "displayName", "mailNickname", "identityParentId", "accountEnabled"),
    *("usageLocation", "userType", "mail", "createdDateTime", "jobTitle", "department", "assignedLicenses"),
]


class Token(AccessTokenProvider):
    async def get_authorization_token(self, uri, additional_authentication_context={}):
        return "token"

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator([])


async def main(root):
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Token()))
    adapter.base_url = f"{root}/v1.0"
    client = GraphServiceClient(request_adapter=adapter)
    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(select=SELECT, top=999)
    configuration = UsersRequestBuilder.UsersRequestBuilderGetRequestConfiguration(query_parameters=query)
    # It has no builder for the path of agent users; the server serves the same list below /users.
    first = await client.users.get(request_configuration=configuration)
    users = characters = 0

    def take(user):
        nonlocal users, characters
        users += 1
        characters += len(user.user_principal_name)
        return True

    if first.value:
        await PageIterator(first, adapter).iterate(take)
    print(f"{users} agent users, {characters} characters")


asyncio.run(main(sys.argv[1]))
