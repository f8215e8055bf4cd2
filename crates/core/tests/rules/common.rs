//! Texts that come near the rules: mostly valid, with lengths about the limits and a little of everything else.

use proptest::prelude::*;

pub fn cases() -> ProptestConfig {
    ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "\\PC{0,80}", "[ -~]{0,140}", "(?s).{0,30}"]
}

pub fn upn_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9'._!#^~-]{0,8}(@|@@|)[a-z0-9-]{0,5}[.][a-z_.-]{0,4}",
        2 => "[a-z]{62,66}@[a-z]{42,46}[.]com",
        2 => "[a-z.]{1,4}@[a-z]{60,66}[.]?[a-z]{0,2}",
        2 => "[a-z .éß@&]{1,12}@[a-zé._@-]{0,12}",
        1 => any_text(),
    ]
}

pub fn nickname_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[.]?[a-zA-Z0-9._-]{0,12}",
        "[!-~]{0,70}",
        "[a-z]{62,66}",
        "[a-z é\\[\\]\t\u{7f}]{0,9}",
        any_text()
    ]
}

pub fn free_text() -> impl Strategy<Value = String> {
    prop_oneof!["[ a-zé]{0,9}", "[a-zé]{254,258}", "[ \t\u{a0}a\u{85}\0]{0,5}", any_text()]
}
