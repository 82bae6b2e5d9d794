//! E-mail addresses, with the results of the HTML standard and of our rules.

use contacts_core::Contact;
use regex::Regex;

/// The regular expression of the HTML standard for a valid e-mail address.
const HTML: &str = r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$";

/// Our rules that reject what the standard accepts, with the reason.
const STRICTER_RULES: [(&str, &str); 2] = [
    (
        "email-dotless-domain",
        "ours: such a domain exists only inside one network",
    ),
    ("too-long", "DigiCert's page: at most 255 characters"),
];

#[test]
fn every_address_has_the_result_of_the_table() {
    let html = Regex::new(HTML).unwrap();
    for (address, by_html, ours) in TABLE {
        let address = expanded(address);
        assert_eq!(html.is_match(&address), by_html, "HTML: {address:?}");
        let built = Contact::draft("Jane", "Doe", &*address).build();
        let codes = match &built {
            Ok(_) => vec!["valid"],
            Err(violations) => violations.iter().map(|v| v.rule().code()).collect(),
        };
        assert_eq!(codes, [ours], "{address:?}");
    }
}

#[test]
fn only_a_rule_with_a_reason_rejects_what_the_standard_accepts() {
    for (address, by_html, ours) in TABLE {
        let differs = by_html != (ours == "valid");
        let has_reason = STRICTER_RULES.iter().any(|(code, _)| *code == ours);
        assert_eq!(differs, by_html && has_reason, "{address:?}");
    }
}

/// Expands `<a*64>` to 64 times `a`.
fn expanded(address: &str) -> String {
    let repetition = Regex::new(r"<([a-z])\*([0-9]+)>").unwrap();
    let repeated = |found: &regex::Captures<'_>| found[1].repeat(found[2].parse().unwrap());
    repetition.replace_all(address, repeated).into_owned()
}

/// An address, whether it matches the standard's expression, and `valid` or the code of our violation.
#[rustfmt::skip]
const TABLE: [(&str, bool, &str); 154] = [
    ("jane@example.com", true, "valid"),
    ("jane.doe@example.com", true, "valid"),
    ("JANE@EXAMPLE.COM", true, "valid"),
    ("Jane.Doe@Example.Com", true, "valid"),
    ("j@e.c", true, "valid"),
    ("1@2.3", true, "valid"),
    ("a@b.co", true, "valid"),
    ("user+tag@example.com", true, "valid"),
    ("user-name@example.com", true, "valid"),
    ("user_name@example.com", true, "valid"),
    ("user.name+tag+sorting@example.com", true, "valid"),
    ("x@sub.sub.sub.example.com", true, "valid"),
    ("a@1.2.3.4", true, "valid"),
    ("a@xn--exmple-cua.com", true, "valid"),
    ("a@example.museum", true, "valid"),
    ("a@example.c", true, "valid"),
    ("o'neil@example.com", true, "valid"),
    ("!@example.com", true, "valid"),
    ("#@example.com", true, "valid"),
    ("$@example.com", true, "valid"),
    ("%@example.com", true, "valid"),
    ("&@example.com", true, "valid"),
    ("*@example.com", true, "valid"),
    ("/@example.com", true, "valid"),
    ("=@example.com", true, "valid"),
    ("?@example.com", true, "valid"),
    ("^@example.com", true, "valid"),
    ("`@example.com", true, "valid"),
    ("{@example.com", true, "valid"),
    ("|@example.com", true, "valid"),
    ("}@example.com", true, "valid"),
    ("~@example.com", true, "valid"),
    ("-@example.com", true, "valid"),
    ("_@example.com", true, "valid"),
    ("+@example.com", true, "valid"),
    (".@example.com", true, "valid"),
    ("..@example.com", true, "valid"),
    (".jane@example.com", true, "valid"),
    ("jane.@example.com", true, "valid"),
    ("jane..doe@example.com", true, "valid"),
    ("a@a--b.com", true, "valid"),
    ("a@1a.com", true, "valid"),
    ("a@a1.com", true, "valid"),
    ("mailhost!username@example.org", true, "valid"),
    ("user%example.com@example.org", true, "valid"),
    ("customer/department=shipping@example.com", true, "valid"),
    ("$A12345@example.com", true, "valid"),
    ("!def!xyz%abc@example.com", true, "valid"),
    ("_somename@example.com", true, "valid"),
    ("<a*64>@example.com", true, "valid"),
    ("<a*65>@example.com", true, "valid"),
    ("a@<b*63>.com", true, "valid"),
    ("a@<b*63>.<c*63>.com", true, "valid"),
    ("<a*243>@example.com", true, "valid"),
    ("a@a-b-c-d.e-f.com", true, "valid"),
    ("devnull@example-one.com", true, "valid"),
    ("123456@123456.com", true, "valid"),
    ("jane", false, "email-format"),
    ("jane.example.com", false, "email-format"),
    ("plainaddress", false, "email-format"),
    ("@", false, "email-format"),
    ("@@", false, "email-format"),
    ("@example.com", false, "email-format"),
    ("jane@", false, "email-format"),
    ("jane@.", false, "email-format"),
    ("jane@.com", false, "email-format"),
    ("jane@com.", false, "email-format"),
    ("jane@example.com.", false, "email-format"),
    ("jane@example..com", false, "email-format"),
    ("jane@..example.com", false, "email-format"),
    ("jane@-example.com", false, "email-format"),
    ("jane@example-.com", false, "email-format"),
    ("jane@example.-com", false, "email-format"),
    ("jane@example.com-", false, "email-format"),
    ("jane@-", false, "email-format"),
    ("jane@exam_ple.com", false, "email-format"),
    ("jane@exam ple.com", false, "email-format"),
    ("ja ne@example.com", false, "email-format"),
    ("jane doe@example.com", false, "email-format"),
    ("jane@example@com", false, "email-format"),
    ("jane@@example.com", false, "email-format"),
    ("a@b@c@example.com", false, "email-format"),
    ("jane(comment)@example.com", false, "email-format"),
    ("(c)jane@example.com", false, "email-format"),
    ("jane@(c)example.com", false, "email-format"),
    ("\"jane\"@example.com", false, "email-format"),
    ("\"jane doe\"@example.com", false, "email-format"),
    ("\"j\\\"d\"@example.com", false, "email-format"),
    ("jane\\@example.com", false, "email-format"),
    ("jane,doe@example.com", false, "email-format"),
    ("jane;doe@example.com", false, "email-format"),
    ("jane:doe@example.com", false, "email-format"),
    ("<jane@example.com>", false, "email-format"),
    ("Jane <jane@example.com>", false, "email-format"),
    ("jane@example.com,john@example.com", false, "email-format"),
    ("jane@example.com;john@example.com", false, "email-format"),
    ("jane@[127.0.0.1]", false, "email-format"),
    ("jane@[IPv6:::1]", false, "email-format"),
    ("jane@127.0.0.1:25", false, "email-format"),
    ("jane@example.com:25", false, "email-format"),
    ("jane@http://example.com", false, "email-format"),
    ("mailto:jane@example.com", false, "email-format"),
    ("jane@example.com/x", false, "email-format"),
    ("jane@example.com?x", false, "email-format"),
    ("jane@example.com#x", false, "email-format"),
    ("jane@exam'ple.com", false, "email-format"),
    ("jane@exam+ple.com", false, "email-format"),
    ("jane@exam!ple.com", false, "email-format"),
    ("jäne@example.com", false, "email-format"),
    ("ジェーン@example.com", false, "email-format"),
    ("jane@exämple.com", false, "email-format"),
    ("jane@例え.jp", false, "email-format"),
    ("jane@example。com", false, "email-format"),
    ("jane@ｅxample.com", false, "email-format"),
    ("jane＠example.com", false, "email-format"),
    ("jane@example.cöm", false, "email-format"),
    ("a@<script>", false, "email-format"),
    ("a@<script>[127.0.0.1]", false, "email-format"),
    ("jane[at]example.com", false, "email-format"),
    ("jane at example.com", false, "email-format"),
    ("jane@*.com", false, "email-format"),
    ("jane@%.com", false, "email-format"),
    ("jane@exa\u{AD}m.com", false, "invisible-character"),
    ("jane@example\u{2024}com", false, "email-format"),
    ("jä@b.c", false, "email-format"),
    ("a@<b*64>.com", false, "email-format"),
    ("a@x.<b*64>", false, "email-format"),
    ("a@b.<c*63>.<d*64>", false, "email-format"),
    ("ja\u{A}ne@example.com", false, "control-character"),
    ("jane@exam\u{D}\u{A}ple.com", false, "control-character"),
    ("jane@evil.com\u{D}\u{A}Bcc: x[127.0.0.1]", false, "control-character"),
    ("ja\u{9}ne@example.com", false, "control-character"),
    ("ja\u{0}ne@example.com", false, "control-character"),
    ("jane@exam\u{7F}ple.com", false, "control-character"),
    ("jane@exa\u{85}mple.com", false, "control-character"),
    ("jane@exa\u{2028}mple.com", false, "control-character"),
    ("ja\u{202E}ne@example.com", false, "bidi-control"),
    ("jane@exa\u{200F}mple.com", false, "bidi-control"),
    ("", false, "blank"),
    (" ", false, "blank"),
    ("\u{200B}", false, "blank"),
    (" jane@example.com", false, "surrounding-white-space"),
    ("jane@example.com ", false, "surrounding-white-space"),
    ("jane@example.com\u{A}", false, "surrounding-white-space"),
    ("\u{FEFF}jane@example.com", false, "surrounding-white-space"),
    ("jane@example.com\u{A0}", false, "surrounding-white-space"),
    ("jane@localhost", true, "email-dotless-domain"),
    ("admin@intranet", true, "email-dotless-domain"),
    ("a@b", true, "email-dotless-domain"),
    ("jane@com", true, "email-dotless-domain"),
    ("root@x1", true, "email-dotless-domain"),
    ("jane@xn--p1ai", true, "email-dotless-domain"),
    ("<a*244>@example.com", true, "too-long"),
    ("<a*300>@example.com", true, "too-long"),
];
