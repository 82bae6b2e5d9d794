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
        r#"{"errors":[7,null,{},{"code":"c","message":"m"}]}"#,
    ] {
        assert_eq!(parsed(body.as_bytes()), "c: m", "{body}");
    }
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
