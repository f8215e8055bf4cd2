//! Any text as a mail nickname, and as the display name that names are derived from.
#![no_main]

use agentuser_core::validate::{DisplayName, MailNickname, Upn, derive};

/// 48 characters: the local part has its own limit.
const LONGEST_DOMAIN: &str = "the-longest-domain-that-a-upn-may-have.contoso.x";

libfuzzer_sys::fuzz_target!(|text: &str| {
    match MailNickname::parse(text) {
        Ok(nickname) => {
            assert_eq!((nickname.as_str(), nickname.to_string().as_str()), (text, text));
            assert!(
                (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()),
                "{text:?}"
            );
            assert!(!text.starts_with('.') && !text.contains('@'));
        }
        Err(violations) => {
            agentuser_fuzz::check_violations(&violations, "mailNickname", text);
            for violation in &violations {
                let better = violation.fix.strip_prefix("Use ").and_then(|fix| fix.strip_suffix('.'));
                if let Some(better) = better {
                    assert!(MailNickname::parse(better).is_ok(), "the fix of {text:?} is {better:?}");
                }
            }
        }
    }
    match DisplayName::parse(text) {
        Ok(name) => assert_eq!(DisplayName::parse(name.as_str()).as_ref(), Ok(&name)),
        Err(violations) => agentuser_fuzz::check_violations(&violations, "displayName", text),
    }

    let mut before: Vec<String> = Vec::new();
    for alternative in [1, 2, 3, 10, 100_000, u32::MAX] {
        let nickname = derive::mail_nickname(text, alternative);
        assert_eq!(MailNickname::parse(nickname.as_str()).as_ref(), Ok(&nickname), "from {text:?}");
        assert_eq!(derive::mail_nickname(text, alternative), nickname);
        assert!(
            !before.iter().any(|other| other == nickname.as_str()),
            "{nickname} is derived twice from {text:?}"
        );
        let upn = derive::upn(text, LONGEST_DOMAIN, alternative).expect("a name for every text");
        assert_eq!(Upn::parse(upn.as_str()).as_ref(), Ok(&upn));
        assert_eq!(upn.local_part(), nickname.as_str());
        before.push(nickname.to_string());
    }
});
