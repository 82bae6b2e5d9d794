//! `PUT /order/certificate/{order_id}/contact`.

use contacts_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::client::{get, put};

/// The body of the example in DigiCert's documentation.
const EXAMPLE: &str = r#"{
    "contacts": [
        {"first_name": "John", "last_name": "Doe", "email": "john.doe@example.com", "job_title": "SRE",
         "telephone": "1234567890", "language_id": "1", "contact_type": "organization_contact"},
        {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE",
         "telephone": "1234567890", "language_id": "1", "contact_type": "technical_contact"}
    ]
}"#;

fn contact(changes: &Value) -> Value {
    let mut contact = json!({"first_name": "Jane", "last_name": "Doe", "email": "jane@example.com",
        "contact_type": "technical_contact"});
    for (name, value) in changes.as_object().unwrap() {
        contact[name] = value.clone();
    }
    contact
}

#[test]
fn the_documented_example_gets_a_204_without_a_body() {
    let sandbox = Sandbox::start().unwrap();
    let response = put(&sandbox, 100_000_001, EXAMPLE);
    assert_eq!((response.status, response.body.as_str()), (204, ""));
    let order: Value =
        serde_json::from_str(&get(&sandbox, "order/certificate/100000001").body).unwrap();
    assert_eq!(order["organization_contact"]["first_name"], "John");
    assert_eq!(order["technical_contact"]["email"], "jane.doe@example.com");
    assert!(
        order["technical_contact"].get("language_id").is_none(),
        "no known response includes it"
    );
    assert_eq!(
        sandbox.order(100_000_001).unwrap()["technical_contact"]["language_id"],
        "1"
    );
}

#[test]
fn omitted_types_and_fields_are_unchanged() {
    let sandbox = Sandbox::start().unwrap();
    let before = sandbox.order(100_000_001).unwrap();
    let body = json!({"contacts": [contact(&json!({"job_title": "SRE"}))]});
    assert_eq!(put(&sandbox, 100_000_001, &body.to_string()).status, 204);
    let after = sandbox.order(100_000_001).unwrap();
    assert_eq!(
        after["organization_contact"],
        before["organization_contact"]
    );
    let technical = &after["technical_contact"];
    assert_eq!(
        technical["telephone"],
        before["technical_contact"]["telephone"]
    );
    assert_eq!(
        (&technical["first_name"], &technical["job_title"]),
        (&json!("Jane"), &json!("SRE"))
    );
}

#[test]
fn a_technical_contact_can_be_added() {
    let sandbox = Sandbox::start().unwrap();
    let body = json!({"contacts": [contact(&json!({}))]}).to_string();
    assert_eq!(put(&sandbox, 100_000_005, &body).status, 204);
    assert_eq!(
        sandbox.order(100_000_005).unwrap()["technical_contact"]["last_name"],
        "Doe"
    );
}

#[test]
fn a_dv_order_rejects_an_organization_contact_and_is_unchanged() {
    let sandbox = Sandbox::start().unwrap();
    let before = sandbox.order(100_000_003);
    assert_eq!(
        put(&sandbox, 100_000_003, EXAMPLE).code(),
        "400 sandbox_dv_organization_contact"
    );
    assert_eq!(sandbox.order(100_000_003), before);
}

#[test]
fn an_invalid_body_is_rejected_and_changes_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let before = sandbox.order(100_000_001);
    let one = |changes: Value| json!({"contacts": [contact(&changes)]}).to_string();
    let cases = [
        ("{".to_owned(), "400 bad_request_format"),
        (String::new(), "400 bad_request_format"),
        ("{}".to_owned(), "400 sandbox_contacts_missing"),
        (
            r#"{"contacts":[]}"#.to_owned(),
            "400 sandbox_contacts_missing",
        ),
        (
            r#"{"contacts":[7]}"#.to_owned(),
            "400 sandbox_contact_type_invalid",
        ),
        (
            one(json!({"contact_type": "billing"})),
            "400 sandbox_contact_type_invalid",
        ),
        (one(json!({"first_name": ""})), "400 sandbox_field_missing"),
        (one(json!({"first_name": null})), "400 sandbox_field_type"),
        (one(json!({"telephone": 5})), "400 sandbox_field_type"),
        (
            one(json!({"last_name": "é".repeat(129)})),
            "400 sandbox_field_too_long",
        ),
        (
            one(json!({"job_title": "x".repeat(65)})),
            "400 sandbox_field_too_long",
        ),
        (one(json!({"email": "jane"})), "400 sandbox_email_invalid"),
        (
            one(json!({"language_id": "en"})),
            "400 sandbox_language_id_invalid",
        ),
        (
            one(json!({"telephone_extension": "1"})),
            "400 sandbox_unknown_field",
        ),
        (
            json!({"contacts": [contact(&json!({})), contact(&json!({}))]}).to_string(),
            "400 contact_type_duplicate",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(put(&sandbox, 100_000_001, &body).code(), expected, "{body}");
    }
    assert_eq!(sandbox.order(100_000_001), before);
    assert_eq!(put(&sandbox, 5, EXAMPLE).code(), "404 not_found|order");
}

#[test]
fn an_order_of_another_account_is_not_found_and_unchanged() {
    let sandbox = Sandbox::start().unwrap();
    let before = sandbox.order(200_000_001).unwrap();
    assert_eq!(
        put(&sandbox, 200_000_001, EXAMPLE).code(),
        "404 not_found|order"
    );
    assert_eq!(sandbox.order(200_000_001).unwrap(), before);
}

#[test]
fn limits_count_characters() {
    let sandbox = Sandbox::start().unwrap();
    let longest = contact(&json!({"last_name": "é".repeat(128), "job_title": "陳".repeat(64)}));
    let body = json!({ "contacts": [longest] }).to_string();
    assert_eq!(put(&sandbox, 100_000_001, &body).status, 204);
}

#[test]
fn a_malformed_contact_in_an_account_is_replaced() {
    let mut account = contacts_sandbox::Account::demo();
    account.add_order(7, json!({"technical_contact": ["malformed"]}));
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let body = json!({"contacts": [contact(&json!({}))]}).to_string();
    assert_eq!(put(&sandbox, 7, &body).status, 204);
    assert_eq!(
        sandbox.order(7).unwrap()["technical_contact"]["first_name"],
        "Jane"
    );
}
