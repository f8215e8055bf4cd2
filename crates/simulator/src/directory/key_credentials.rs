//! Certificates of blueprints, as `keyCredentials` has them (<https://learn.microsoft.com/graph/api/resources/keycredential>).

use super::errors::Refusal;
use super::{Blueprint, Directory};
use crate::clock;
use crate::entra::certificate_facts;
use crate::hash::Hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

pub(super) const NAME: &str = "keyCredentials";

impl Directory {
    /// Puts certificates in the place of those before. One that names a key of before without its content keeps it.
    pub(super) fn write_key_credentials(
        &self,
        blueprint: &mut Blueprint,
        value: &Value,
    ) -> Result<(), Refusal> {
        let given = value.as_array().ok_or_else(|| Refusal::invalid(NAME))?;
        let before = blueprint.extras.get(NAME).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut written = Vec::new();
        for (n, one) in given.iter().enumerate() {
            let one = one.as_object().ok_or_else(|| Refusal::invalid(NAME))?;
            let known = before.iter().find(|known| known.get("keyId") == one.get("keyId"));
            let key = one.get("key").filter(|key| !key.is_null());
            match (key, known) {
                (None, Some(known)) => written.push(known.clone()),
                (None, None) => return Err(Refusal::required("key")),
                (Some(key), _) => written.push(self.key_credential(blueprint, one, key, n)?.into()),
            }
        }
        blueprint.extras.insert(NAME.to_owned(), written.into());
        Ok(())
    }

    fn key_credential(
        &self,
        blueprint: &Blueprint,
        given: &Map<String, Value>,
        key: &Value,
        n: usize,
    ) -> Result<Map<String, Value>, Refusal> {
        let der = key.as_str().and_then(|key| STANDARD.decode(key).ok());
        let der = der.ok_or_else(|| Refusal::invalid("key"))?;
        let Some((validity, thumbprint)) = certificate_facts(&der) else {
            // The words are an assumption.
            return Err(Refusal::bad_request("Key credential is not a valid certificate."));
        };
        let mut one = Map::new();
        for (name, known) in [("type", "AsymmetricX509Cert"), ("usage", "Verify")] {
            if given.get(name).and_then(Value::as_str) != Some(known) {
                return Err(Refusal::invalid(name));
            }
            one.insert(name.to_owned(), known.into());
        }
        let drawn = Hash::new(self.seed).text("key").id(blueprint.id).bytes(&der).word(n as u64).guid();
        let others = [
            ("customKeyIdentifier", thumbprint.map(|one| STANDARD.encode(one)).into()),
            ("displayName", Value::Null),
            ("endDateTime", clock::iso(validity.end).into()),
            ("keyId", drawn.to_string().into()),
            ("startDateTime", clock::iso(validity.start).into()),
        ];
        for (name, unset) in others {
            let value = given.get(name).filter(|value| !value.is_null()).cloned();
            one.insert(name.to_owned(), value.unwrap_or(unset));
        }
        one.insert("key".to_owned(), key.clone());
        Ok(one)
    }
}

/// The certificates as a read shows them: their content only to a read of one object that selects them.
pub(super) fn hide(object: &mut Map<String, Value>, is_selected: bool) {
    if is_selected {
        return;
    }
    for one in object.get_mut(NAME).and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(key) = one.get_mut("key") {
            *key = Value::Null;
        }
    }
}
