use super::{ForeignResponse, HeaderMap};

fn headers(headers: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = headers.iter().map(|(name, value)| {
        let value = value.parse().unwrap();
        (name.parse().unwrap(), value)
    });
    pairs.collect()
}

fn detected(list: &[(&'static str, &'static str)], body: &str) -> Option<String> {
    let detected = ForeignResponse::detect(&headers(list), body.as_bytes(), str::to_owned);
    detected.map(|response| {
        response
            .to_string()
            .replace(" instead of DigiCert's JSON", "")
    })
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
fn json_and_no_body_can_be_of_the_api_and_other_text_is_not() {
    for body in ["{}", "[]", "\u{FEFF} {\"a\": 1", "null", "\"text\"", "7"] {
        for list in [&[][..], &[HTML]] {
            assert_eq!(detected(list, body), None, "{body}");
        }
    }
    assert_eq!(detected(&[], " \n"), None);
    for body in [
        "error code: 1020",
        "<Error><Code>AccessDenied</Code></Error>",
        "\u{1f}\u{8b}",
    ] {
        assert_eq!(detected(&[], body).as_deref(), Some("text"), "{body:?}");
    }
}

#[test]
fn the_title_is_named_on_one_line_and_shortened() {
    let titled = |title: &str| detected(&[], &format!("<html><TITLE lang=en>{title}</Title>"));
    assert_eq!(
        titled("Request\r\n  blocked ").unwrap(),
        "a web page titled \"Request blocked\""
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
    let from = |list: &[_]| detected(list, "text").unwrap().replace("text from ", "");
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
