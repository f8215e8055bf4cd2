//! The web page of findings.

use crate::common::{TENANT, audit, finding, mixed, written};
use agentuser_core::report::Format;

#[test]
fn the_first_page_tells_whose_when_how_long_and_what_was_not_checked() {
    let page = written(&mixed(), Format::Html, None);
    let (first, _) = page.split_once("<div class=sheets>").unwrap();
    for said in [
        TENANT,
        "<dt>Made by<dd>admin@contoso.com",
        "<dt>Made at<dd>2026-06-01 12:00:00 UTC",
        "<dt>Took<dd>1 min 1 s",
        "<dt>Agent users<dd>25",
        "The permission AuditLog.Read.All is missing: no-sign-in",
        "<li class=high><a href=#high><b>1</b>High</a>",
        "<li class=low><b>0</b>Low",
        "<li class=accepted><a href=#accepted><b>1</b>Accepted</a>",
        "aria-label=\"High 1, Medium 1, Low 0, Info 0\"",
        "Agent users with the most findings",
    ] {
        assert!(first.contains(said), "{said}: {first}");
    }
}

#[test]
fn every_text_is_escaped_and_nothing_is_a_script() {
    let page = written(&mixed(), Format::Html, None);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("javascript:"), "{page}");
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; \u{fffd}x"),
        "{page}"
    );
    let mut hostile = finding("r", "high", 1);
    for pointer in
        ["/rule", "/message", "/fix", "/subject/name", "/subject/id", "/user/userPrincipalName", "/user/id"]
    {
        *hostile.pointer_mut(pointer).unwrap() = "\"'><svg onload=x>".into();
    }
    hostile["evidence"] = serde_json::json!({ "<svg onload=y>": "<svg onload=z>" });
    let mut report = audit(vec![hostile]);
    report["tenantId"] = "<svg onload=t>".into();
    report["rules"][0]["finds"] = "<svg onload=f>".into();
    for format in [Format::Html, Format::Junit] {
        let page = written(&report, format, None);
        assert!(!page.contains("<svg onload"), "{format}: {page}");
    }
}

#[test]
fn findings_stand_in_groups_with_links_and_fixes() {
    let page = written(&mixed(), Format::Html, None);
    let places: Vec<usize> = ["high", "medium", "accepted", "notchecked"]
        .map(|group| page.find(&format!("<section id={group}")).unwrap())
        .to_vec();
    assert!(places.is_sorted(), "{places:?}");
    assert!(!page.contains("<section id=low"), "{page}");
    assert!(page.contains("<a href=\"https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/a6000000-0000-4000-8000-000000000004\">agent.00004@contoso.com</a>"));
    assert!(page.contains("<p><code>agentuser sponsor add agent.00004@contoso.com SPONSOR</code>"), "{page}");
    assert!(page.contains("<p>Evidence: days=12; names=a, b"), "{page}");
    assert!(page.contains("<p>Accepted by: ann@contoso.com"), "{page}");
}

#[test]
fn two_thousand_findings_stay_small_and_more_are_still_written() {
    for (findings, of_user, most) in [(2_000, 1, 300_000), (2_000, 4, 300_000), (10_000, 2, 1_500_000)] {
        let rules = ["no-sponsor", "no-manager", "no-successful-sign-in", "disabled-and-licensed"];
        let all = (0..findings).map(|at| finding(rules[at % 4], "medium", at / of_user)).collect();
        let page = written(&audit(all), Format::Html, None);
        assert!(page.len() < most, "{findings} findings of {of_user} a user: {} bytes", page.len());
        let rows = page.matches("<td>It has no sponsor").count();
        assert_eq!(rows, findings);
        assert_eq!(page.matches("rows have neither links nor fixes").count(), 1);
        assert!(page.matches("<code>agentuser sponsor").count() > 50);
    }
    let few = written(&audit((0..300).map(|at| finding("a", "low", at)).collect()), Format::Html, None);
    assert_eq!((few.matches("<code>agentuser").count(), few.matches("neither links").count()), (300, 0));
}
