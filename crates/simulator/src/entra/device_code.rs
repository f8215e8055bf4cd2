//! Sign-in on another device (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>).

use super::authorize::escape_html;
use super::call::{Call, Place};
use super::client::Client;
use super::refused::{Refused, as_json, as_page};
use super::sessions::{Kind, Subject};
use crate::directory::Directory;
use agentuser_core::http::Response;
use agentuser_core::{Now, ObjectId};
use serde_json::json;
use std::time::Duration;

/// How long a person has.
const LIVES: Duration = Duration::from_secs(900);
/// How long a client waits between two looks.
const INTERVAL: Duration = Duration::from_secs(5);
/// By how much a client that looks too often has to wait longer (RFC 8628, section 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// The characters of user codes.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ23456789";

/// A code that a person has to type.
#[derive(Debug, Clone)]
pub(super) struct DeviceCode {
    client: Client,
    user_code: String,
    scope: String,
    ends: Duration,
    interval: Duration,
    last_look: Option<Duration>,
    decision: Decision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Pending,
    Approved(ObjectId),
    Declined,
}

impl Call<'_> {
    /// `POST /{tenant}/oauth2/v2.0/devicecode`.
    pub(super) fn device_code(&mut self) -> Result<Response, Refused> {
        let any = super::discovery::ANY.contains(&self.place.tenant);
        if !any && self.directory.tenant_named(self.place.tenant).is_none() {
            return Err(Refused::tenant("invalid_request", self.place.tenant));
        }
        let client = self.client()?;
        if let Client::Identity { .. } = client {
            let text = "Agent identities can't sign users in.";
            return Err(Refused::new("invalid_request", 82_014, text));
        }
        let scope = self.required("scope")?.to_owned();
        self.directory.scopes(&scope)?;
        let drawn = self.directory.entra.draw("user code");
        let letter = |n: u64| {
            let at = usize::try_from(drawn.word(n).below(LETTERS.len() as u64)).unwrap_or_default();
            LETTERS.get(at).copied().map_or('X', char::from)
        };
        let user_code: String = (0..9).map(letter).collect();
        let device_code = self.directory.entra.secret_text("device code");
        let entra = &self.directory.entra;
        let (ends, interval) = (entra.scaled(LIVES), entra.scaled(INTERVAL));
        let ends = self.now.mono.saturating_add(ends);
        let code = DeviceCode {
            client,
            user_code: user_code.clone(),
            scope,
            ends,
            interval,
            last_look: None,
            decision: Decision::Pending,
        };
        self.directory.entra.device_codes.insert(device_code.clone(), code);
        let uri = format!("{}/common/oauth2/deviceauth", self.place.base);
        let message = format!(
            "To sign in, use a web browser to open the page {uri} and enter the code {user_code} to authenticate."
        );
        Ok(as_json(
            200,
            &json!({
                "user_code": user_code,
                "device_code": device_code,
                "verification_uri": uri,
                "expires_in": LIVES.as_secs(),
                "interval": INTERVAL.as_secs(),
                "message": message,
            }),
        ))
    }

    /// `grant_type=urn:ietf:params:oauth:grant-type:device_code`.
    pub(super) fn device_token(&mut self) -> Result<Response, Refused> {
        let client = self.client()?;
        self.check_public(client)?;
        let text = self.required("device_code")?.to_owned();
        let (now, slower) = (self.now.mono, self.directory.entra.scaled(SLOWER));
        let known = self.directory.entra.device_codes.get_mut(&text).filter(|code| code.client == client);
        let code = known.ok_or_else(|| {
            Refused::new("bad_verification_code", 70_018, "The 'device_code' is not known.")
        })?;
        if code.ends <= now {
            // Observed: https://github.com/Azure/azure-cli/issues/22251
            return Err(Refused::new("expired_token", 70_020, "This device code has expired."));
        }
        let early = code.last_look.is_some_and(|last| now < last.saturating_add(code.interval));
        code.last_look = Some(now);
        match code.decision {
            // Entra's page does not list it; the standard does (RFC 8628, section 3.5).
            Decision::Pending if early => {
                code.interval = code.interval.saturating_add(slower);
                Err(Refused::own("slow_down", "The client looks more often than the interval allows."))
            }
            Decision::Pending => {
                let text = "OAuth 2.0 device flow error. Authorization is pending. Continue polling.";
                Err(Refused::new("authorization_pending", 70_016, text))
            }
            Decision::Declined => {
                Err(Refused::own("authorization_declined", "The person declined the request."))
            }
            Decision::Approved(user) => {
                let scope = code.scope.clone();
                self.directory.entra.device_codes.remove(&text);
                let scopes = self.directory.scopes(&scope)?;
                self.user_answer(Subject { client, user, kind: Kind::Public }, &scopes, None)
            }
        }
    }
}

/// Why a person's decision about a code was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    NoCode,
    Late,
    NoUser,
    NotAllowed,
}

impl Directory {
    /// Lets a person approve a user code, or decline it.
    pub(crate) fn decide_device_code(
        &mut self,
        now: Now,
        user_code: &str,
        user: Option<ObjectId>,
    ) -> Result<(), Undecided> {
        let plain = |code: &str| code.replace(['-', ' '], "").to_ascii_uppercase();
        let codes = self.entra.device_codes.iter();
        let found = codes
            .filter(|(_, code)| code.decision == Decision::Pending)
            .find(|(_, code)| code.user_code == plain(user_code))
            .map(|(key, code)| (key.clone(), code.client, code.scope.clone(), code.ends));
        let (key, client, scope, ends) = found.ok_or(Undecided::NoCode)?;
        if ends <= now.mono {
            return Err(Undecided::Late);
        }
        let decision = match user {
            None => Decision::Declined,
            Some(user) => {
                let person = self.find_user(user).filter(|one| one.life.is_live() && one.account_enabled);
                let user = person.ok_or(Undecided::NoUser)?.id;
                let scopes = self.scopes(&scope).map_err(|_| Undecided::NotAllowed)?;
                self.consent_of_person(client, user, &scopes).map_err(|_| Undecided::NotAllowed)?;
                Decision::Approved(user)
            }
        };
        if let Some(code) = self.entra.device_codes.get_mut(&key) {
            code.decision = decision;
        }
        Ok(())
    }
}

/// `/{tenant}/oauth2/deviceauth`: the page on which a person types the code.
pub(super) fn page(directory: &mut Directory, now: Now, place: &Place<'_>) -> Response {
    let fields = place.parameters().unwrap_or_default();
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let said = match (field("code"), field("decision")) {
        (Some(code), Some(decision)) => {
            let user = match (decision, field("user")) {
                ("approve", Some(name)) => directory.person_named(name),
                _ => None,
            };
            if decision == "approve" && user.is_none() {
                "The simulated tenant does not have this person."
            } else {
                match directory.decide_device_code(now, code, user) {
                    Ok(()) => "Done. You may close this page.",
                    Err(Undecided::NoCode) => "AADSTS70018: The code is not known, or it was decided about.",
                    Err(Undecided::Late) => "AADSTS70019: The code has expired.",
                    Err(Undecided::NoUser) => "The simulated tenant does not have this person.",
                    Err(Undecided::NotAllowed) => "The consent of an admin is needed (AADSTS90094).",
                }
            }
        }
        _ => "",
    };
    let people = directory.people_options();
    let code = escape_html(field("code").unwrap_or_default());
    as_page(
        200,
        &format!(
            "<!doctype html><html lang=\"en\"><title>Simulated sign-in</title><h1>Simulated sign-in</h1>\
             <p>This page is a simulator's. It asks for no password.<p role=\"status\">{said}</p>\
             <form><label>Code <input name=\"code\" value=\"{code}\" required></label> \
             <label>Person <select name=\"user\">{people}</select></label> \
             <button name=\"decision\" value=\"approve\">Approve</button> \
             <button name=\"decision\" value=\"decline\">Decline</button></form></html>"
        ),
    )
}
