//! The facts that an access token shows.

use crate::call::Call;
use crate::graph::{Cloud, Endpoint};
use crate::problem::{Code, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The application id of Microsoft Graph, which stands for its address in some tokens (docs/sign-in.md#audience).
const GRAPH_APP: &str = "00000003-0000-0000-c000-000000000000";

/// The longest token that is looked into, in bytes.
const LONGEST: usize = 64 * 1024;

/// The permission that makes Graph ignore agent permissions (docs/graph.md#known-issues).
const ACCESS_AS_USER: &str = "Directory.AccessAsUser.All";

/// The role that every member of a tenant has, in the claim `wids` (docs/sign-in.md#claims).
const ROLE_OF_EVERY_USER: &str = "b79fbf4d-3ef9-4689-8143-76b194e85509";

/// The facts that an access token shows, for the problem where Graph refuses it and for records of changes.
/// Microsoft calls its tokens opaque, so nothing else depends on it, and a token that is not a JWT shows
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenFacts {
    audience: Option<String>,
    account: Option<String>,
    tenant: Option<String>,
    application: Option<String>,
    acts_as_user: bool,
    /// The second since 1970 from which it is valid, and the one at which it expires.
    not_before: Option<i64>,
    expires: Option<i64>,
    /// The permissions of `scp` and `roles`, where it has one of them.
    permissions: Option<Vec<String>>,
    /// Whether it is of a signed-in user, where it tells.
    delegated: Option<bool>,
    /// Whether it lists an active directory role of the user, where it lists any.
    has_active_role: Option<bool>,
}

impl TokenFacts {
    /// Reads an access token, as it is or with `Bearer` before it. The token itself is not kept.
    #[must_use]
    pub fn read(token: &str) -> Self {
        Self::claims(token).unwrap_or_default()
    }

    fn claims(token: &str) -> Option<Self> {
        let token = token.trim();
        let token = token.strip_prefix("Bearer ").unwrap_or(token);
        let mut parts = token.split('.');
        let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        if token.len() > LONGEST {
            return None;
        }
        let json = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        let claims: Value = serde_json::from_slice(&json).ok()?;
        let audience = match claims.get("aud")? {
            Value::Array(several) => several.first()?.as_str()?,
            one => one.as_str()?,
        };
        let delegated = claims.get("scp").and_then(Value::as_str);
        let roles = claims.get("roles").and_then(Value::as_array);
        let second = |name: &str| claims.get(name).and_then(Value::as_i64).filter(|second| *second > 0);
        let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let account = match delegated {
            Some(_) => text("upn").or(text("preferred_username")).or(text("oid")),
            None => text("appid").or(text("azp")),
        };
        let all = delegated.into_iter().flat_map(|all| all.split(' '));
        let all = all.chain(roles.into_iter().flatten().filter_map(Value::as_str));
        Some(Self {
            audience: Some(audience.to_owned()),
            account: account.map(crate::problem::cleaned),
            tenant: text("tid").map(crate::problem::cleaned),
            application: text("appid").or(text("azp")).map(crate::problem::cleaned),
            acts_as_user: delegated.is_some_and(|all| all.split(' ').any(|one| one == ACCESS_AS_USER)),
            not_before: second("nbf"),
            expires: second("exp"),
            permissions: (delegated.is_some() || roles.is_some()).then(|| all.map(str::to_owned).collect()),
            delegated: (delegated.is_some() || roles.is_some()).then_some(delegated.is_some()),
            has_active_role: claims.get("wids").and_then(Value::as_array).map(|ids| {
                ids.iter().filter_map(Value::as_str).any(|id| !id.eq_ignore_ascii_case(ROLE_OF_EVERY_USER))
            }),
        })
    }

    /// The account that it acts as: the user principal name, or else the object id; without an account, the id of the
    /// application (docs/sign-in.md#audience).
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The id of the tenant that it is of (docs/sign-in.md#audience).
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// The client id of the application that it was given to (docs/sign-in.md#audience).
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        self.application.as_deref()
    }

    /// Its permissions, delegated ones or those of an application; none where it does not show them.
    #[must_use]
    pub fn permissions(&self) -> Option<&[String]> {
        self.permissions.as_deref()
    }

    /// The service that it is for.
    #[must_use]
    pub fn audience(&self) -> Option<&str> {
        self.audience.as_deref()
    }

    /// The second since 1970 at which it expires.
    #[must_use]
    pub const fn expires(&self) -> Option<i64> {
        self.expires
    }

    /// Whether it is of a signed-in user, not of an application; none where it does not tell.
    #[must_use]
    pub const fn is_delegated(&self) -> Option<bool> {
        self.delegated
    }

    /// Whether the signed-in user has an active directory role beside the one that every user has; none where it does not
    /// tell (docs/sign-in.md#claims).
    #[must_use]
    pub const fn has_active_role(&self) -> Option<bool> {
        self.has_active_role
    }

    /// Whether it carries `Directory.AccessAsUser.All`, beside which Graph ignores its agent permissions
    /// (docs/graph.md#known-issues).
    #[must_use]
    pub fn acts_as_user(&self) -> bool {
        self.acts_as_user
    }

    /// The sentence that it has expired, where it tells that it has; `unix_ms` is the time now.
    #[must_use]
    pub fn expired(&self, unix_ms: i64) -> Option<String> {
        let seconds = unix_ms.checked_div(1000)?.checked_sub(self.expires?)?;
        (seconds >= 0).then(|| format!("The token expired {} ago.", in_words(seconds)))
    }

    /// The sentence that it is not valid yet, where it tells that; `unix_ms` is the time now.
    #[must_use]
    pub fn not_yet_valid(&self, unix_ms: i64) -> Option<String> {
        let seconds = self.not_before?.checked_sub(unix_ms.checked_div(1000)?)?;
        let sentence =
            |time| format!("By this machine's clock, the token is not valid before {time} from now.");
        (seconds > 0).then(|| sentence(in_words(seconds)))
    }

    /// Whether the permission is among those that it shows; none where it shows none at all, as an opaque token.
    #[must_use]
    pub fn has(&self, permission: &str) -> Option<bool> {
        let all = self.permissions.as_ref()?;
        Some(all.iter().any(|one| one.eq_ignore_ascii_case(permission)))
    }

    /// Whether it shows its permissions, and none of those that allow the call is among them.
    #[must_use]
    pub fn lacks(&self, call: Call) -> bool {
        let wanted = call.permissions();
        self.permissions.as_ref().is_some_and(|all| !all.iter().any(|one| wanted.contains(&one.as_str())))
    }

    /// The service that the token is for, where it is certainly not the Graph of this endpoint.
    #[must_use]
    pub fn other_service(&self, endpoint: &Endpoint) -> Option<&str> {
        let audience = self.audience.as_deref()?;
        let name = audience.trim_end_matches('/');
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let in_a_cloud = Cloud::ALL.iter().any(|cloud| cloud.graph() == endpoint.origin());
        // An endpoint outside the clouds, such as a simulator, may take the tokens of any.
        let taken = is(endpoint.origin())
            || is(GRAPH_APP)
            || !in_a_cloud && Cloud::ALL.iter().any(|cloud| is(cloud.graph()));
        (!taken).then_some(audience)
    }

    /// Adds to a refusal of the token that its time is over, or has not come.
    fn explain_time(&self, unix_ms: i64, problem: Problem) -> Problem {
        if let Some(expired) = self.expired(unix_ms) {
            return problem.saying(&expired).with_fix("Get a new token, and run it again with it.");
        }
        match self.not_yet_valid(unix_ms) {
            Some(early) => problem
                .saying(&early)
                .with_cause(
                    "The clock of this machine is behind, or the token was made for later (its claim nbf).",
                )
                .with_fix("Set this machine's clock, or wait until the token is valid, and run it again."),
            None => problem,
        }
    }

    /// Adds to a refusal of Graph what the token tells of the cause.
    pub(crate) fn explain(&self, call: Call, endpoint: &Endpoint, unix_ms: i64, problem: Problem) -> Problem {
        match problem.code() {
            Code::TokenRejected => match self.other_service(endpoint) {
                Some(other) => {
                    let other = crate::problem::cleaned(other);
                    problem
                        .saying(&format!("This token is for {other}, not for Microsoft Graph."))
                        .with_cause(format!(
                            "The token was made for {other}, and Graph takes none but its own."
                        ))
                        .with_fix(format!("Get a token for {}.", endpoint.origin()))
                }
                None => self.explain_time(unix_ms, problem),
            },
            Code::PermissionMissing if self.acts_as_user && is_for_agents(call) => {
                recoded(call, Code::PermissionIgnored, problem)
            }
            // docs/graph.md#sponsored-objects: the page shows it to people alone, whatever the permissions.
            Code::PermissionMissing
                if call == Call::ListSponsored && self.delegated == Some(false) && !self.lacks(call) =>
            {
                recoded(call, Code::CallerNotAllowed, problem)
                    .with_cause("Graph tells signed-in people alone what a person sponsors.")
                    .with_fix("Sign in as a person, or read the sponsors of each agent user.")
            }
            Code::PermissionMissing if self.lacks(call) => {
                problem.saying("The token shows none of the permissions for it.").of_token()
            }
            _ => problem,
        }
    }
}

/// The same refusal under a code that says more.
fn recoded(call: Call, code: Code, problem: Problem) -> Problem {
    let message = format!("Could not {}. {}", call.what(), code.entry().meaning);
    let said = problem.graph_message().map(|said| format!("Graph says: {said}"));
    let problem = problem.recoded(code, message);
    match said {
        Some(said) => problem.saying(&said),
        None => problem,
    }
}

/// A time in its largest unit.
fn in_words(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Whether a permission of the agents' own allows the call.
fn is_for_agents(call: Call) -> bool {
    call.permissions().iter().any(|permission| permission.starts_with("AgentId"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(claims: &str) -> String {
        format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn a_token_tells_which_service_it_is_for() {
        let global = Endpoint::from(Cloud::Global);
        let simulator = Endpoint::new("http://127.0.0.1:8080").unwrap();
        for (aud, other, other_of_simulator) in [
            ("https://graph.microsoft.com", false, false),
            ("https://Graph.Microsoft.com/", false, false),
            (GRAPH_APP, false, false),
            ("https://graph.microsoft.us", true, false),
            ("http://127.0.0.1:8080", true, false),
            ("https://management.azure.com/", true, true),
            ("00000002-0000-0000-c000-000000000000", true, true),
            ("api://blueprint", true, true),
        ] {
            for claims in [format!(r#"{{"aud":"{aud}"}}"#), format!(r#"{{"aud":["{aud}"]}}"#)] {
                let facts = TokenFacts::read(&jwt(&claims));
                assert_eq!(facts.other_service(&global), other.then_some(aud), "{aud}");
                assert_eq!(facts.other_service(&simulator), other_of_simulator.then_some(aud), "{aud}");
                assert_eq!(TokenFacts::read(&format!("Bearer {}", jwt(&claims))), facts);
            }
        }
    }

    #[test]
    fn what_is_not_a_jwt_tells_nothing() {
        for text in
            ["", "admin", "a.b.c", "..", "a.b", "eyJ.a.b.c", &jwt("[]"), &jwt("{}"), &jwt(r#"{"aud":7}"#)]
        {
            assert_eq!(TokenFacts::read(text), TokenFacts::default(), "{text}");
        }
        assert_eq!(
            TokenFacts::read(&jwt(&format!(r#"{{"aud":"{}"}}"#, "x".repeat(LONGEST)))),
            TokenFacts::default()
        );
    }

    #[test]
    fn a_refusal_is_explained_by_the_token() {
        let endpoint = Endpoint::from(Cloud::Global);
        let refused =
            || Problem::new(Code::TokenRejected, "No.").with_graph(401, None, Some("Why.".into()), None);
        let facts = TokenFacts::read(&jwt(r#"{"aud":"https://management.azure.com/"}"#));
        let problem = facts.explain(Call::GetUser, &endpoint, 0, refused());
        assert_eq!(
            problem.message(),
            "No. This token is for https://management.azure.com/, not for Microsoft Graph."
        );
        assert_eq!((problem.graph_message(), problem.status()), (Some("Why."), Some(401)));
        assert_eq!(TokenFacts::default().explain(Call::GetUser, &endpoint, 0, refused()), refused());

        let denied =
            || Problem::new(Code::PermissionMissing, "No.").with_graph(403, None, Some("Why.".into()), None);
        let as_user = TokenFacts::read(&jwt(r#"{"aud":"x","scp":"User.Read Directory.AccessAsUser.All"}"#));
        let problem = as_user.explain(Call::CreateAgentUser, &endpoint, 0, denied());
        assert_eq!((problem.code(), problem.graph_message()), (Code::PermissionIgnored, Some("Why.")));
        // No agent permission allows to read the SKUs.
        assert_eq!(
            as_user.explain(Call::ListSubscribedSkus, &endpoint, 0, denied()).code(),
            Code::PermissionMissing
        );
        assert_eq!(
            facts.explain(Call::CreateAgentUser, &endpoint, 0, denied()).code(),
            Code::PermissionMissing
        );

        // Where the token shows its permissions, a refusal for want of one is so of every request of its kind.
        for (claims, of_token) in [
            (r#"{"aud":"x","scp":"User.Read"}"#, true),
            (r#"{"aud":"x","roles":[]}"#, true),
            (r#"{"aud":"x","roles":["AgentIdUser.ReadWrite.IdentityParentedBy"]}"#, false),
            (r#"{"aud":"x"}"#, false),
        ] {
            let problem =
                TokenFacts::read(&jwt(claims)).explain(Call::CreateAgentUser, &endpoint, 0, denied());
            assert_eq!(
                (problem.code(), problem.is_of_token()),
                (Code::PermissionMissing, of_token),
                "{claims}"
            );
        }
    }

    #[test]
    fn an_application_is_told_that_people_alone_see_what_somebody_sponsors() {
        let endpoint = Endpoint::from(Cloud::Global);
        let denied =
            || Problem::new(Code::PermissionMissing, "No.").with_graph(403, None, Some("Why.".into()), None);
        for (claims, code) in [
            (r#"{"aud":"x","roles":["User.Read.All"]}"#, Code::CallerNotAllowed),
            (r#"{"aud":"x","roles":["Mail.Read"]}"#, Code::PermissionMissing),
            (r#"{"aud":"x","scp":"User.Read"}"#, Code::PermissionMissing),
            (r#"{"aud":"x"}"#, Code::PermissionMissing),
        ] {
            let facts = TokenFacts::read(&jwt(claims));
            let problem = facts.explain(Call::ListSponsored, &endpoint, 0, denied());
            assert_eq!((problem.code(), problem.graph_message()), (code, Some("Why.")), "{claims}");
        }
    }

    #[test]
    fn a_token_that_has_expired_says_so() {
        let facts = TokenFacts::read(&jwt(r#"{"aud":"https://graph.microsoft.com","exp":1000}"#));
        for (second, said) in [
            (999, None),
            (1000, Some("0 s")),
            (1119, Some("119 s")),
            (1120, Some("2 min")),
            (8200, Some("2 hours")),
            (1000 + 3 * 86_400, Some("3 days")),
        ] {
            let wanted = said.map(|ago| format!("The token expired {ago} ago."));
            assert_eq!(facts.expired(second * 1000), wanted);
            let refused =
                Problem::new(Code::TokenRejected, "No.").with_graph(401, None, Some("Why.".into()), None);
            let endpoint = Endpoint::from(Cloud::Global);
            let told = facts.explain(Call::GetUser, &endpoint, second * 1000, refused);
            assert_eq!(told.message().strip_prefix("No. "), wanted.as_deref());
        }
        for no_date in
            [r#"{"aud":"x"}"#, r#"{"aud":"x","exp":"1"}"#, r#"{"aud":"x","exp":-9223372036854775808}"#]
        {
            assert_eq!(TokenFacts::read(&jwt(no_date)).expired(i64::MIN), None, "{no_date}");
        }
    }

    #[test]
    fn a_token_that_is_not_valid_yet_says_so() {
        let facts = TokenFacts::read(&jwt(r#"{"aud":"https://graph.microsoft.com","nbf":1000,"exp":4600}"#));
        for (second, said) in [(1000, None), (999, Some("1 s")), (700, Some("5 min")), (4600, None)] {
            let wanted = said.map(|time| {
                format!("By this machine's clock, the token is not valid before {time} from now.")
            });
            assert_eq!(facts.not_yet_valid(second * 1000), wanted);
            let refused =
                Problem::new(Code::TokenRejected, "No.").with_graph(401, None, Some("Why.".into()), None);
            let told = facts.explain(Call::GetUser, &Endpoint::from(Cloud::Global), second * 1000, refused);
            assert_eq!(
                (told.message().contains("clock"), told.fix().contains("clock")),
                (said.is_some(), said.is_some())
            );
        }
    }

    #[test]
    fn a_token_tells_whose_it_is() {
        for (claims, account) in [
            (
                r#"{"aud":"x","scp":"a b","upn":"ada@contoso.com","oid":"o","appid":"p"}"#,
                Some("ada@contoso.com"),
            ),
            (
                r#"{"aud":"x","scp":"a","preferred_username":"ada@contoso.com","azp":"p"}"#,
                Some("ada@contoso.com"),
            ),
            (r#"{"aud":"x","scp":"a","oid":"o","appid":"p"}"#, Some("o")),
            (r#"{"aud":"x","roles":["a"],"oid":"o","appid":"p"}"#, Some("p")),
            (r#"{"aud":"x","oid":"o","azp":"p"}"#, Some("p")),
            (r#"{"aud":"x","scp":"a","upn":7}"#, None),
            (r#"{"aud":"x"}"#, None),
        ] {
            assert_eq!(TokenFacts::read(&jwt(claims)).account(), account, "{claims}");
        }
    }
}
