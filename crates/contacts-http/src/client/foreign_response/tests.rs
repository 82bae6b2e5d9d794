use super::{ForeignResponse, HeaderMap};

fn headers(headers: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = headers.iter().map(|(name, value)| {
        let value = value.parse().unwrap();
        (name.parse().unwrap(), value)
    });
    pairs.collect()
}

fn response(status: u16, list: &[(&'static str, &'static str)], body: &[u8]) -> Option<String> {
    let detected = ForeignResponse::detect(status, &headers(list), body, str::to_owned);
    detected.map(|response| response.to_string())
}

/// What a 200 is, if it is not of the API.
fn detected(list: &[(&'static str, &'static str)], body: &str) -> Option<String> {
    let detected = response(200, list, body.as_bytes())?;
    Some(detected.replace(" instead of DigiCert's JSON", ""))
}

const HTML: (&str, &str) = ("content-type", "Text/HTML; charset=utf-8");

#[test]
fn a_page_is_recognized_by_its_type_and_by_its_markup() {
    let page = |body| detected(&[("content-type", "application/json")], body);
    for body in [
        "<html>",
        "\u{FEFF}\r\n <!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">",
        "<!-- a comment --><HTML><HEAD>",
        "<?xml version=\"1.0\"?><!DOCTYPE html><html>",
        "<head><script>",
        "<script>challenge()</script>",
        "<meta http-equiv=refresh content=\"0;url=https://portal/login\">",
        "<center><h1>403 Forbidden</h1></center>",
        "<h1>Blocked</h1>",
        "<frameset><frame src=x></frameset>",
    ] {
        assert_eq!(page(body).as_deref(), Some("a web page"), "{body}");
        assert_eq!(detected(&[], body).as_deref(), Some("a web page"), "{body}");
    }
    for body in ["", "blocked", "<p>blocked</p>"] {
        assert_eq!(
            detected(&[HTML], body).as_deref(),
            Some("a web page"),
            "{body}"
        );
        let xhtml = ("content-type", "application/xhtml+xml");
        assert_eq!(
            detected(&[xhtml], body).as_deref(),
            Some("a web page"),
            "{body}"
        );
    }
}

#[test]
fn a_long_comment_and_utf_16_do_not_hide_a_page() {
    let page = "<html><title>Blocked</title>";
    let comment = format!("<!-- {} -->{page}", "x".repeat(3000));
    let units = |to_bytes: fn(u16) -> [u8; 2]| {
        let units = "\u{FEFF}".encode_utf16().chain(page.encode_utf16());
        units.flat_map(to_bytes).collect::<Vec<_>>()
    };
    for body in [
        comment.into_bytes(),
        units(u16::to_le_bytes),
        units(u16::to_be_bytes),
    ] {
        let detected = response(403, &[], &body).unwrap();
        assert!(
            detected.starts_with("a web page titled \"Blocked\""),
            "{detected}"
        );
    }
}

#[test]
fn a_success_with_json_or_no_body_can_be_of_the_api_and_other_text_is_not() {
    for body in ["{}", "[]", "\u{FEFF} {\"a\": 1", "{\"a\": tr", "[\"\u{e9}"] {
        for list in [&[][..], &[HTML]] {
            assert_eq!(detected(list, body), None, "{body}");
        }
    }
    assert_eq!(detected(&[], " \n"), None);
    for body in [
        "error code: 1020",
        "<Error><Code>AccessDenied</Code></Error>",
        "[proxy-7] access denied",
        "{% block title %}",
        "null",
        "\"Forbidden\"",
        "403",
    ] {
        assert_eq!(detected(&[], body).as_deref(), Some("text"), "{body}");
        let error = response(403, &[], body.as_bytes()).unwrap();
        assert!(error.starts_with(&format!("text `{body}`")), "{error}");
    }
    let binary = response(403, &[], b"\x1f\x8b\0").unwrap();
    assert_eq!(binary, "text instead of DigiCert's JSON");
}

#[test]
fn an_error_without_a_code_says_what_came_instead() {
    let error = |list: &[_], body: &str| response(403, list, body.as_bytes()).unwrap();
    let iinfo = ("x-iinfo", "1-2");
    insta::assert_snapshot!(error(&[iinfo], "{\"blocked\": true}"), @r#"JSON `{"blocked": true}` from Imperva (x-iinfo) without an error code of DigiCert"#);
    insta::assert_snapshot!(error(&[iinfo], ""), @"an empty body from Imperva (x-iinfo) instead of DigiCert's JSON");
    insta::assert_snapshot!(error(&[], "RBAC:\r\n access denied"), @"text `RBAC: access denied` instead of DigiCert's JSON");
    insta::assert_snapshot!(error(&[("content-encoding", "GZIP"), HTML], "\u{1f}\u{8b}"), @"the unexpected content encoding gzip instead of DigiCert's JSON");
    insta::assert_snapshot!(error(&[("content-encoding", "gzip")], "{}"), @"JSON `{}` without an error code of DigiCert");
}

#[test]
fn the_title_is_named_on_one_line_and_shortened() {
    let titled = |title: &str| detected(&[], &format!("<html><TITLE lang=en>{title}</Title>"));
    assert_eq!(
        titled("Request\r\n  blocked ").unwrap(),
        "a web page titled \"Request blocked\""
    );
    assert_eq!(
        titled("A &amp; B &#60;&#x3E; &quot;&apos; &mdash; & &#x; &#99999999;").unwrap(),
        "a web page titled \"A & B <> \"' &mdash; & &#x; &#99999999;\""
    );
    assert_eq!(
        detected(&[], "<html><!-- <title>old</title> --><title>New</title>").unwrap(),
        "a web page titled \"New\""
    );
    assert_eq!(titled("  "), Some("a web page".to_owned()));
    let long = titled(&"ü".repeat(81)).unwrap();
    assert_eq!(long, format!("a web page titled \"{}...\"", "ü".repeat(80)));
    for body in [
        "<html><title",
        "<html><title>",
        "<html><title>x",
        "<html></title>",
    ] {
        assert_eq!(detected(&[], body).as_deref(), Some("a web page"), "{body}");
    }
}

#[test]
fn the_sender_is_named_once_with_its_header() {
    let from = |list: &[_]| detected(list, "x").unwrap().replace("text from ", "");
    assert_eq!(from(&[("x-iinfo", "1-2-3")]), "Imperva (x-iinfo)");
    let both = [
        ("x-iinfo", "1-2-3"),
        ("x-cdn", "Imperva"),
        ("server", "nginx"),
    ];
    assert_eq!(from(&both), "Imperva (x-cdn), nginx (server)");
    let cloudflare = [("server", "cloudflare"), ("cf-ray", "7d-FRA")];
    assert_eq!(from(&cloudflare), "Cloudflare (cf-ray)");
    let via = [
        ("via", "1.1 proxy.example.com (squid/6.1)"),
        ("x-squid-error", "ERR_ACCESS_DENIED 0"),
    ];
    assert_eq!(
        from(&via),
        "Squid (x-squid-error), 1.1 proxy.example.com (squid/6.1) (via)"
    );
}
