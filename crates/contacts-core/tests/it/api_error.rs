//! Parsing the bodies of error responses.

use contacts_core::ApiErrors;

fn parsed(body: &[u8]) -> String {
    ApiErrors::from_body(body).to_string()
}

#[test]
fn every_known_form_is_parsed() {
    for body in [
        r#"{"errors":[{"code":"c","message":"m"}]}"#,
        r#"{"errors":{"code":"c","message":"m"}}"#,
        r#"{"error":{"code":"c","message":"m"}}"#,
        r#"{"errors":[{"code":"c","description":"m"}]}"#,
        r#"{"code":"c","message":"m"}"#,
        r#"{"errors":[null,{},{"code":"c","message":"m"}]}"#,
        r#"{"error":"c","message":"m"}"#,
        r#"{"error":"c","error_description":"m"}"#,
        r#"{"error_code":"c","error_message":"m"}"#,
        r#"{"type":"about:blank","title":"c","status":403,"detail":"m"}"#,
        ")]}',\n{\"code\":\"c\",\"message\":\"m\"}",
        "<Errors><Error><Code>c</Code><Message>m</Message></Error></Errors>",
        "<!DOCTYPE errors><errors><error><code>c</code><message>m</message></error></errors>",
        "\u{FEFF}\n{\"code\":\"c\",\"message\":\"m\"}",
        "<errors><error><code>c</code><message>m</message></error></errors>",
        "\u{FEFF}\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<errors>\n  <error>\n    <code>c</code>\n    \
         <description> m </description>\n  </error>\n</errors>\n",
        "<response xmlns=\"urn:x\"><error><code>c</code><message><![CDATA[m]]></message></error></response>",
        "<error code=\"c\">m</error>",
    ] {
        assert_eq!(parsed(body.as_bytes()), "c: m", "{body}");
    }
    for body in [
        r#"{"errors":["m"]}"#,
        r#"{"errors":"m"}"#,
        r#"{"errors":{"email":["m"]}}"#,
        r#"{"error":"m"}"#,
        r#"{"message":"m"}"#,
        r#"["",{"message":"m"}]"#,
        "<errors><error>m</error></errors>",
        "<errors><error><message>m</message></error></errors>",
    ] {
        assert_eq!(parsed(body.as_bytes()), "m", "{body}");
    }
    assert_eq!(parsed(br#"{"code":403,"message":"m"}"#), "403: m");
    assert_eq!(parsed(br#"{"errors":[7,"m",true]}"#), "7; m");
    assert_eq!(parsed(br#"{"title":"m","detail":"m"}"#), "m");
    assert_eq!(
        parsed(br#"{"errors":[{"code":"a"},{"message":"b"}]}"#),
        "a; b"
    );
}

#[test]
fn any_other_body_has_no_errors() {
    for body in [
        &b""[..],
        b"<html>502</html>",
        b"<html><head><title>error</title></head><body><code>c</code></body></html>",
        b"<html><body><error><code>c</code></error></body></html>",
        b"<errors><error><code>c</code>",
        b"<errors><error/><error><code></code></error></errors>",
        b"<!DOCTYPE x [<!ENTITY e \"m\">]><errors><error>&e;</error></errors>",
        b"{\"errors\":[{\"co",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
    ] {
        assert!(ApiErrors::from_body(body).is_empty(), "{body:?}");
    }
    assert_eq!(parsed(b"{\"message\":\"caf\xe9\"}"), "caf\u{FFFD}");
}

#[test]
fn deeply_nested_xml_has_no_errors_and_harms_nothing() {
    let body = "<error>".repeat(9000);
    assert!(ApiErrors::from_body(body.as_bytes()).is_empty());
    let body = "<error>".repeat(4000) + &"</error>".repeat(4000);
    assert!(ApiErrors::from_body(body.as_bytes()).is_empty());
    let body = r#"{"errors":"#.repeat(100) + &"}".repeat(100);
    assert!(ApiErrors::from_body(body.as_bytes()).is_empty());
}

#[test]
fn an_error_in_xml_or_as_a_text_is_redacted() {
    for body in [
        "<errors><error>Jane of jane@example.com</error></errors>",
        r#"{"errors": ["Jane of jane@example.com"]}"#,
    ] {
        let errors = ApiErrors::from_body_redacted(body.as_bytes(), &["Jane"]);
        assert_eq!(errors.to_string(), "[redacted] of [redacted]", "{body}");
    }
}

#[test]
fn text_from_a_server_is_safe_to_print() {
    let body = serde_json::json!({"errors": [{"code": "a\u{1b}]0;x\u{7}", "message": "\u{202E}b\u{9b}31m\nc"}]});
    assert_eq!(
        parsed(body.to_string().as_bytes()),
        "a\u{FFFD}]0;x\u{FFFD}: \u{FFFD}b\u{FFFD}31m\u{FFFD}c"
    );
}

#[test]
fn a_body_of_any_size_is_truncated() {
    let errors = vec![serde_json::json!({"code": "c".repeat(10_000)}); 1000];
    let errors = ApiErrors::from_body(
        serde_json::json!({ "errors": errors })
            .to_string()
            .as_bytes(),
    );
    assert_eq!(errors.len(), 20);
    assert_eq!(errors[0].code.len(), 500);
}

#[test]
fn secrets_are_redacted_before_the_text_is_truncated() {
    let redacted = |message: &str, secrets: &[&str]| {
        let body = serde_json::json!({"code": format!("bad {message}"), "message": message});
        ApiErrors::from_body_redacted(body.to_string().as_bytes(), secrets).to_string()
    };
    let jane = ["Jane", "Markerson", "jane.markerson@example.com"];
    assert_eq!(
        redacted("jane.markerson@example.com and JANE", &jane),
        "bad [redacted] and [redacted]: [redacted] and [redacted]"
    );
    let long = format!("{} MarkerKey", "x".repeat(495));
    assert!(!redacted(&long, &["MarkerKey"]).contains("Mark"));
    assert_eq!(
        redacted("a Zoë of ab", &["", "ab", "Zoë"]),
        "bad a [redacted] of ab: a [redacted] of ab"
    );
    assert_eq!(
        redacted("Doe does; undoe DOE", &["Doe"]),
        "bad [redacted] does; undoe [redacted]: [redacted] does; undoe [redacted]"
    );
    let key = "0123456789abcdefghij";
    let body = serde_json::json!({"code": format!("not_found|{key}|order")}).to_string();
    let errors = ApiErrors::from_body_redacted(body.as_bytes(), &["order", key]);
    assert_eq!(errors.to_string(), "not_found|[redacted]|order");
    assert_eq!(redacted("Zoé", &["Zoë"]), "bad Zoé: Zoé");
    assert_eq!(
        redacted("MÜLLER, müllers", &["Müller"]),
        "bad [redacted], müllers: [redacted], müllers"
    );
}

#[test]
fn an_unknown_address_is_redacted_too() {
    let message = "order of \"Olga@example.com\",\n now @ 5 pm, a@ and @b stay; x@y";
    let body = serde_json::json!({"code": "denied", "message": message});
    assert_eq!(
        ApiErrors::from_body(body.to_string().as_bytes())[0].message,
        "order of [redacted]\u{FFFD} now @ 5 pm, a@ and @b stay; [redacted]"
    );
}

#[test]
fn only_a_code_as_digicert_writes_it_is_documented() {
    for (body, expected) in [
        (r#"{"errors":[{"code":"access_denied"}]}"#, true),
        (
            r#"{"errors":[{"code":"X"},{"code":"invalid_name|www.-x.com"}]}"#,
            true,
        ),
        ("<error><code>not_found|order</code></error>", true),
        (
            r#"{"error":"access_denied","error_description":"log in"}"#,
            false,
        ),
        (r#"{"errors":["access_denied"]}"#, false),
        (r#"{"errors":[{"code":"AccessDenied"}]}"#, false),
        (r#"{"errors":[{"code":10000}]}"#, false),
        (r#"{"errors":[{"code":"|order"}]}"#, false),
        ("{}", false),
    ] {
        let errors = ApiErrors::from_body(body.as_bytes());
        assert_eq!(errors.has_documented_code(), expected, "{body}");
    }
}
