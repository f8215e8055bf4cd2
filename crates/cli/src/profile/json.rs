//! The profiles as JSON. A member that is not known is refused, so that no secret stays in the file.

use super::{CLIENT, CLOUD, GRAPH, KIND, Kind, LOGIN, Profile, ProfileName, Profiles, TENANT};
use agentuser::core::validate::nearest_name;
use agentuser::sign_in::{ClientId, Tenant};
use agentuser::{Cloud, Endpoint};
use serde_json::{Map, Value};

const DEFAULT: &str = "default";
const PROFILES: &str = "profiles";

/// The fault of a profiles file, and its place. It repeats no value: one may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    /// The place, such as `profiles.contoso.tenantId`.
    pub(super) place: String,
    /// The fault, as the end of a sentence.
    pub(super) why: String,
    /// Whether a secret may stand there.
    pub(super) unknown: bool,
}

impl Broken {
    fn new(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), why: why.into(), unknown: false }
    }
}

/// Reads the text of the file.
pub(super) fn read(text: &str) -> Result<Profiles, Broken> {
    let whole: Value = serde_json::from_str(text).map_err(|error| {
        Broken::new(format!("line {}, column {}", error.line(), error.column()), "is not JSON")
    })?;
    let whole = object(&whole, "the file")?;
    known(whole, "", &[DEFAULT, PROFILES])?;
    let mut profiles = Profiles::default();
    if let Some(all) = whole.get(PROFILES) {
        for (name, profile) in object(all, PROFILES)? {
            let place = format!("{PROFILES}.{name}");
            let name = name.parse().map_err(|_| Broken::new(&place, "is not a name of a profile"))?;
            profiles.all.insert(name, one(object(profile, &place)?, &place)?);
        }
    }
    if let Some(name) = text_of(whole, "", DEFAULT)? {
        let name: ProfileName =
            name.parse().map_err(|_| Broken::new(DEFAULT, "is not a name of a profile"))?;
        if !profiles.all.contains_key(&name) {
            return Err(Broken::new(DEFAULT, format!("names the profile {name}, which is not there")));
        }
        profiles.default = Some(name);
    }
    Ok(profiles)
}

/// The text of the file.
pub(super) fn write(profiles: &Profiles) -> String {
    let all = profiles.all.iter().map(|(name, profile)| {
        let members = profile.members().into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        (name.to_string(), Value::Object(members.collect()))
    });
    let mut whole = Map::new();
    if let Some(default) = &profiles.default {
        whole.insert(DEFAULT.to_owned(), default.as_str().into());
    }
    whole.insert(PROFILES.to_owned(), Value::Object(all.collect()));
    format!("{:#}\n", Value::Object(whole))
}

fn one(members: &Map<String, Value>, place: &str) -> Result<Profile, Broken> {
    known(members, place, &[KIND, TENANT, CLIENT, CLOUD, GRAPH, LOGIN])?;
    let text = |name| text_of(members, place, name);
    let at = |name: &str| format!("{place}.{name}");
    let kinds = || Kind::ALL.map(Kind::as_str).join(", ");
    let kind = text(KIND)?.ok_or_else(|| Broken::new(place, format!("has no {KIND}, one of {}", kinds())))?;
    let kind = Kind::ALL.into_iter().find(|one| one.as_str() == kind);
    let endpoint = |name: &str| match text_of(members, place, name)? {
        Some(origin) => Endpoint::new(origin)
            .map(Some)
            .map_err(|why| Broken::new(at(name), format!("can't be used: {why}"))),
        None => Ok(None),
    };
    if members.contains_key(CLOUD) && members.contains_key(GRAPH) {
        return Err(Broken::new(
            at(GRAPH),
            format!("is given beside {CLOUD}, and a profile has one of them"),
        ));
    }
    Ok(Profile {
        kind: kind.ok_or_else(|| Broken::new(at(KIND), format!("is not one of {}", kinds())))?,
        tenant_id: match text(TENANT)? {
            Some(id) => {
                let tenant = Tenant::of_person(id);
                Some(tenant.map_err(|_| Broken::new(at(TENANT), "is neither a GUID nor a domain"))?)
            }
            None => None,
        },
        client_id: match text(CLIENT)? {
            Some(id) => {
                Some(ClientId::parse(CLIENT, id).map_err(|_| Broken::new(at(CLIENT), "is not a GUID"))?)
            }
            None => None,
        },
        cloud: match text(CLOUD)? {
            Some(name) => Some(name.parse::<Cloud>().map_err(|_| {
                let clouds: Vec<&str> = Cloud::ALL.iter().map(|cloud| cloud.name()).collect();
                Broken::new(at(CLOUD), format!("is not one of {}", clouds.join(", ")))
            })?),
            None => None,
        },
        graph_endpoint: endpoint(GRAPH)?,
        login_endpoint: endpoint(LOGIN)?,
    })
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, Broken> {
    value.as_object().ok_or_else(|| Broken::new(place, "is not an object"))
}

fn text_of<'a>(members: &'a Map<String, Value>, place: &str, name: &str) -> Result<Option<&'a str>, Broken> {
    let Some(value) = members.get(name) else { return Ok(None) };
    let text = value.as_str().filter(|text| !text.trim().is_empty());
    text.map(Some).ok_or_else(|| Broken::new(within(place, name), "is not a text"))
}

/// Refuses members of other names.
fn known(members: &Map<String, Value>, place: &str, names: &[&'static str]) -> Result<(), Broken> {
    let Some(other) = members.keys().find(|name| !names.contains(&name.as_str())) else { return Ok(()) };
    let why = match nearest_name(other, names.iter().copied()) {
        Some(nearest) => format!("is not a member; {nearest} is"),
        None => format!("is not a member; there are {}", names.join(", ")),
    };
    Err(Broken { place: within(place, other), why, unknown: true })
}

fn within(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn broken(text: &str) -> (String, String) {
        let Broken { place, why, .. } = read(text).unwrap_err();
        (place, why)
    }

    #[test]
    fn what_is_written_is_read() {
        let text = json!({
            "default": "b",
            "profiles": {
                "a": {"kind": "azureCli"},
                "b": {"kind": "browser", "tenantId": "contoso.com", "clientId": "00000000-0000-0000-0000-000000000001", "cloud": "usgov"},
                "c": {"kind": "deviceCode", "graphEndpoint": "http://127.0.0.1:1", "loginEndpoint": "https://login.example"},
            }
        });
        let profiles = read(&text.to_string()).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&write(&profiles)).unwrap(), text);
        assert_eq!(read(&write(&profiles)).unwrap(), profiles);
        assert_eq!(read("{}").unwrap(), Profiles::default());
        assert_eq!(read(&write(&Profiles::default())).unwrap(), Profiles::default());
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place_and_no_value_is_repeated() {
        for (text, place, why) in [
            ("{", "line 1, column 1", "is not JSON"),
            ("[]", "the file", "is not an object"),
            (r#"{"default":"a"}"#, "default", "names the profile a, which is not there"),
            (r#"{"default":7}"#, "default", "is not a text"),
            (r#"{"profile":{}}"#, "profile", "is not a member; profiles is"),
            (r#"{"profiles":{"a b":{}}}"#, "profiles.a b", "is not a name of a profile"),
            (r#"{"profiles":{"a":"hush"}}"#, "profiles.a", "is not an object"),
            (r#"{"profiles":{"a":{"kind":"hush"}}}"#, "profiles.a.kind", "is not one of browser, "),
            (r#"{"profiles":{"a":{}}}"#, "profiles.a", "has no kind, one of browser, "),
            (
                r#"{"profiles":{"a":{"kind":"browser","cloud":"hush"}}}"#,
                "profiles.a.cloud",
                "is not one of global, ",
            ),
            (
                r#"{"profiles":{"a":{"kind":"browser","tenantId":[]}}}"#,
                "profiles.a.tenantId",
                "is not a text",
            ),
            (
                r#"{"profiles":{"a":{"kind":"browser","tenantId":"hu sh"}}}"#,
                "profiles.a.tenantId",
                "is neither a GUID",
            ),
            (
                r#"{"profiles":{"a":{"kind":"browser","clientId":"hush"}}}"#,
                "profiles.a.clientId",
                "is not a GUID",
            ),
            (
                r#"{"profiles":{"a":{"kind":"browser","loginEndpoint":"http://hush"}}}"#,
                "profiles.a.loginEndpoint",
                "can't be used: ",
            ),
            (
                r#"{"profiles":{"a":{"kind":"browser","cloud":"usgov","graphEndpoint":"https://hush.example"}}}"#,
                "profiles.a.graphEndpoint",
                "is given beside cloud, ",
            ),
            (
                r#"{"profiles":{"a":{"kind":"application","clientSecret":"hush"}}}"#,
                "profiles.a.clientSecret",
                "is not a member; there are kind, ",
            ),
        ] {
            let (at, said) = broken(text);
            assert_eq!(at, place, "{text}");
            assert!(said.starts_with(why), "{text}: {said}");
            assert!(!said.contains("hush"), "{said}");
        }
    }
}
