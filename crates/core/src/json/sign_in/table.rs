//! The kinds of sign-in and of proof, and the members that each has: the one table behind the reader and the schema.

/// A member of an object.
pub(super) struct Member {
    pub(super) name: &'static str,
    /// Whether it is true or false; else it is a text.
    #[cfg_attr(not(feature = "schema"), allow(dead_code))]
    pub(super) is_flag: bool,
    #[cfg_attr(not(feature = "schema"), allow(dead_code))]
    pub(super) description: &'static str,
}

/// One of several shapes of an object, which its member `kind` names.
pub(super) struct Kind {
    pub(super) name: &'static str,
    #[cfg_attr(not(feature = "schema"), allow(dead_code))]
    pub(super) description: &'static str,
    /// Members that it needs.
    pub(super) required: &'static [&'static Member],
    /// Members that it may have.
    pub(super) optional: &'static [&'static Member],
}

impl Kind {
    pub(super) fn member(&self, name: &str) -> Option<&'static Member> {
        self.required.iter().chain(self.optional).copied().find(|member| member.name == name)
    }
}

const fn text(name: &'static str, description: &'static str) -> Member {
    Member { name, is_flag: false, description }
}

const TENANT: Member = text("tenantId", "The tenant, a GUID or a domain.");
const PERSONS_TENANT: Member = text(
    "tenantId",
    "The tenant, a GUID or a domain; `organizations` where the account of the person says which it is.",
);
const CLIENT: Member = text("clientId", "The application (client) id.");
const BLUEPRINT: Member = text("clientId", "The application (client) id of the blueprint.");
const IDENTITY: Member =
    text("agentIdentityId", "The client id of the agent identity, which is its object id.");
const USER_ID: Member =
    text("userId", "The object id of the agent user. Either this or `userPrincipalName` is needed.");
const USER_NAME: Member =
    text("userPrincipalName", "The name of the agent user. Either this or `userId` is needed.");
const SCOPES: Member = text(
    "scopes",
    "The scopes that the person is asked to consent to, with blanks between; by default everything that was granted on Graph.",
);
const LOGIN: Member = text(
    "loginEndpoint",
    "A sign-in endpoint outside the clouds, such as a simulator's. By default it is the cloud's, or a `graphEndpoint` on this machine; beside another `graphEndpoint` it must be named.",
);
const LOGIN_OF_POD: Member = text(
    "loginEndpoint",
    "A sign-in endpoint outside the clouds, such as a simulator's. By default it is that of a `cloud` other than `global`, or a `graphEndpoint` on this machine, or else what AZURE_AUTHORITY_HOST names; beside another `graphEndpoint` it must be named.",
);
const AUDIENCE: Member = text(
    "exchangeAudience",
    "The audience of exchange tokens, such as api://AzureADTokenExchange, in a cloud that this library does not know.",
);
const PROOF: Member = text("proof", "How the application proves who it is.");
const IDENTITY_OF_MACHINE: Member =
    text("clientId", "The client id of a user-assigned managed identity; by default the machine's own.");

/// The kinds of sign-in.
pub(super) const SIGN_INS: &[Kind] = &[
    Kind {
        name: "application",
        description: "An application by itself, such as a blueprint, or an agent identity of the single-instance kind.",
        required: &[&TENANT, &CLIENT, &PROOF],
        optional: &[&LOGIN, &AUDIENCE],
    },
    Kind {
        name: "agentIdentity",
        description: "An agent identity by itself.",
        required: &[&TENANT, &BLUEPRINT, &IDENTITY, &PROOF],
        optional: &[&LOGIN, &AUDIENCE],
    },
    Kind {
        name: "agentUser",
        description: "An agent user.",
        required: &[&TENANT, &BLUEPRINT, &IDENTITY, &PROOF],
        optional: &[&USER_ID, &USER_NAME, &LOGIN, &AUDIENCE],
    },
    Kind {
        name: "onBehalfOf",
        description: "An agent identity for a person who signed in elsewhere. The person's token is asked of the host.",
        required: &[&TENANT, &BLUEPRINT, &IDENTITY, &PROOF],
        optional: &[&LOGIN, &AUDIENCE],
    },
    Kind {
        name: "browser",
        description: "A person in the browser of this machine.",
        required: &[&PERSONS_TENANT, &CLIENT],
        optional: &[&SCOPES, &LOGIN],
    },
    Kind {
        name: "deviceCode",
        description: "A person in any browser, where a code is typed.",
        required: &[&PERSONS_TENANT, &CLIENT],
        optional: &[&SCOPES, &LOGIN],
    },
    Kind {
        name: "managedIdentity",
        description: "The managed identity of this machine.",
        required: &[],
        optional: &[&IDENTITY_OF_MACHINE],
    },
    Kind {
        name: "azureCli",
        description: "The account that is signed in to the Azure CLI on this machine.",
        required: &[],
        optional: &[&TENANT],
    },
    Kind {
        name: "azureDeveloperCli",
        description: "The account that is signed in to the Azure Developer CLI on this machine.",
        required: &[],
        optional: &[&TENANT],
    },
    Kind {
        name: "workloadIdentity",
        description: "The workload identity of this Kubernetes pod, which AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE name.",
        required: &[],
        optional: &[&LOGIN_OF_POD],
    },
];

const SEND_X5C: Member = Member {
    name: "sendX5c",
    is_flag: true,
    description: "Whether each assertion has the certificate itself, for applications that are registered by its subject name and issuer; false by default.",
};
const CERTIFICATE: Member = text("certificate", "The certificate without its key, as PEM.");
const PATH: Member = text(
    "path",
    "The file with the token, which is read anew each time; by default that of AZURE_FEDERATED_TOKEN_FILE.",
);
const CONNECTION: Member = text(
    "serviceConnectionId",
    "The id of the service connection, whose federated credential the application has.",
);

/// The kinds of proof.
pub(super) const PROOFS: &[Kind] = &[
    Kind {
        name: "clientSecret",
        description: "A client secret, which travels beside this JSON.",
        required: &[],
        optional: &[],
    },
    Kind {
        name: "certificate",
        description: "A certificate with its private key, as PEM, which travels beside this JSON.",
        required: &[],
        optional: &[&SEND_X5C],
    },
    Kind {
        name: "signature",
        description: "A certificate whose key the host has: it is asked to sign each assertion.",
        required: &[&CERTIFICATE],
        optional: &[&SEND_X5C],
    },
    Kind {
        name: "assertion",
        description: "An assertion that the host is asked for each time.",
        required: &[],
        optional: &[],
    },
    Kind {
        name: "federatedTokenFile",
        description: "The token in a file, as Kubernetes projects it.",
        required: &[],
        optional: &[&PATH],
    },
    Kind {
        name: "managedIdentity",
        description: "The managed identity of this machine, which a federated credential of the application names.",
        required: &[],
        optional: &[&IDENTITY_OF_MACHINE],
    },
    Kind {
        name: "azurePipelines",
        description: "The token of an Azure DevOps pipeline.",
        required: &[&CONNECTION],
        optional: &[],
    },
    Kind {
        name: "gitHubActions",
        description: "The token of a GitHub Actions workflow.",
        required: &[],
        optional: &[],
    },
];
