//! JUnit's XML of findings.

use crate::common::{audit, finding, mixed, written};
use agentuser_core::report::{Format, Places};

#[test]
fn findings_fail_and_what_is_accepted_or_unchecked_is_skipped() {
    let roster = "userPrincipalName\nagent.00002@contoso.com\nagent.00004@contoso.com\n";
    let places = Places::of("roster.csv", roster.as_bytes());
    let text = written(&mixed(), Format::Junit, Some(places));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    assert_eq!(
        lines[1],
        "<testsuites name=\"agentuser audit\" tests=\"5\" failures=\"2\" errors=\"0\" time=\"61.500\">"
    );
    assert!(
        lines[2].contains(" tests=\"5\" failures=\"2\" errors=\"0\" skipped=\"2\"")
            && lines[2].contains("timestamp=\"2026-06-01T12:00:00.000Z\"")
    );
    assert_eq!(lines[4], "<testcase classname=\"parent-gone\" name=\"all agent users\"/>");
    assert_eq!(
        lines[5],
        "<testcase classname=\"parent-gone\" name=\"agent.00004@contoso.com\" file=\"roster.csv\" line=\"3\">\
         <failure type=\"high\" message=\"It has no sponsor: nobody is answerable for it.\">\
         agentuser sponsor add agent.00004@contoso.com SPONSOR</failure></testcase>"
    );
    assert!(lines[6].contains("line=\"2\"") && lines[6].contains("&lt;script&gt;"), "{}", lines[6]);
    assert!(lines[7].contains("<skipped message=\"Accepted: A pilot.\"/>"), "{}", lines[7]);
    assert!(lines[8].contains("<skipped message=\"It was not checked. Graph refused.\"/>"), "{}", lines[8]);
    let cases = |what: &str| text.matches(what).count();
    assert_eq!((cases("<testcase "), cases("<failure "), cases("<skipped ")), (5, 2, 2));
    assert!(text.ends_with("</testsuite>\n</testsuites>\n"));
}

#[test]
fn no_character_breaks_the_document() {
    let mut odd = finding("a", "high", 1);
    odd["message"] = "\u{0}\u{8}\u{b}\u{ffff}\u{1b}<&>".into();
    let text = written(&audit(vec![odd]), Format::Junit, None);
    let allowed = |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(allowed), "{text:?}");
}
