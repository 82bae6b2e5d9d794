//! Parsing updates and contacts from JSON.

use contacts_core::{Contact, ContactType, ContactsUpdate, Order, OrderId, UpdateDraft};
use serde::Deserialize;

const JANE: &str = r#""first_name":"Jane","last_name":"Doe","email":"j@example.com""#;

fn result(json: &str) -> String {
    match ContactsUpdate::from_json(json.as_bytes()) {
        Ok(_) => "valid".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn both_forms_are_parsed() {
    let body = format!(r#"{{"contacts":[{{{JANE},"contact_type":"technical_contact"}}]}}"#);
    let members = format!(r#"{{"technical_contact":{{{JANE}}}}}"#);
    let update = ContactsUpdate::from_json(body.as_bytes()).unwrap();
    assert_eq!(
        update,
        ContactsUpdate::from_json(members.as_bytes()).unwrap()
    );
    assert_eq!(
        update.contact(ContactType::Technical).unwrap().email(),
        "j@example.com"
    );
    assert!(update.contact(ContactType::Organization).is_none());
}

#[test]
fn a_language_id_may_be_an_integer() {
    let json = format!(r#"{{"technical_contact":{{{JANE},"language_id":1}}}}"#);
    let update = ContactsUpdate::from_json(json.as_bytes()).unwrap();
    assert_eq!(
        update
            .contact(ContactType::Technical)
            .unwrap()
            .language_id(),
        Some("1")
    );
}

#[test]
fn escapes_are_decoded() {
    let json = r#"{"technical_contact":{"first_name":"Zo\u00eb","last_name":"D\"oe","em\u0061il":"j@example.com"}}"#;
    let update = ContactsUpdate::from_json(json.as_bytes()).unwrap();
    assert_eq!(
        update.contact(ContactType::Technical).unwrap().first_name(),
        "Zoë"
    );
}

#[test]
fn all_violations_are_reported_at_once() {
    let json = format!(
        r#"{{"contacts":[7,
            {{"first_name":null,"last_name":["x"],"email":{{}},"telephone":5,"contact_type":1}},
            {{{JANE},"contact_type":"billing_contact","e-mail":"x","telephone_extension":"12","phone":"1","Jane Doe <j@x>":0}},
            {{{JANE},{JANE},"contact_type":"technical_contact"}},
            {{{JANE},"contact_type":"technical_contact"}}],"note":"x"}}"#
    );
    insta::assert_snapshot!(result(&json), @r"
    note: unknown field
    contacts[0]: expected an object, found a number
    contacts[1].contact_type: expected a string, found a number
    contacts[1].first_name: expected a string, found null; leave the field out to keep the order's value
    contacts[1].last_name: expected a string, found an array
    contacts[1].email: expected a string, found an object
    contacts[1].telephone: expected a string, found a number
    contacts[2].contact_type: must be `organization_contact` or `technical_contact`
    contacts[2].e-mail: unknown field; did you mean `email`?
    contacts[2].telephone_extension: unknown field; only organization-level contacts have an extension; append it to `telephone`
    contacts[2].phone: unknown field; did you mean `telephone`?
    contacts[2].(name not shown): unknown field
    contacts[3].first_name: appears more than once in the object
    contacts[3].last_name: appears more than once in the object
    contacts[3].email: appears more than once in the object
    contacts[4].contact_type: a second `technical_contact`; an order has only one
    ");
}

#[test]
fn a_message_names_the_json_type() {
    for (value, found) in [
        ("-1", "a number"),
        ("1", "a number"),
        ("1.5", "a number"),
        ("true", "a boolean"),
        (
            "null",
            "null; leave the field out to keep the order's value",
        ),
    ] {
        let json = format!(r#"{{"technical_contact":{{{JANE},"telephone":{value}}}}}"#);
        let expected = format!("technical_contact.telephone: expected a string, found {found}");
        assert_eq!(result(&json), expected);
    }
    assert_eq!(result("\"x\""), "expected an object, found a string");
    assert_eq!(
        result(r#"{"contacts":[true]}"#),
        "contacts[0]: expected an object, found a boolean"
    );
}

#[test]
fn a_duplicate_list_is_a_violation() {
    let list = format!(r#"[{{{JANE},"contact_type":"technical_contact"}}]"#);
    let json = format!(r#"{{"contacts":{list},"contacts":[]}}"#);
    assert_eq!(
        result(&json),
        "contacts: appears more than once in the object"
    );
}

#[test]
fn a_member_may_repeat_its_type_and_is_the_path_of_its_violations() {
    let with = |contact_type: &str| {
        result(&format!(
            r#"{{"technical_contact":{{{JANE},"contact_type":"{contact_type}"}}}}"#
        ))
    };
    assert_eq!(with("technical_contact"), "valid");
    assert_eq!(
        with("organization_contact"),
        "technical_contact.contact_type: must be `organization_contact` or `technical_contact`"
    );
    insta::assert_snapshot!(result(r#"{"technical_contact":7,"x":1,"organization_contact":{"email":"x"}}"#), @"
    x: unknown field
    organization_contact.first_name: required, but missing
    organization_contact.last_name: required, but missing
    organization_contact.email: not an e-mail address: missing `@`
    technical_contact: expected an object, found a number
    ");
}

#[test]
fn a_value_that_is_not_an_object_makes_no_other_contact_a_duplicate() {
    let json = format!(
        r#"{{"technical_contact":5,"contacts":[7,{{{JANE},"contact_type":"technical_contact"}}]}}"#
    );
    assert_eq!(
        result(&json),
        "contacts[0]: expected an object, found a number\n\
         technical_contact: expected an object, found a number"
    );
}

#[test]
fn an_update_needs_a_contact() {
    for json in ["{}", r#"{"contacts":[]}"#] {
        assert_eq!(
            result(json),
            "contacts: no contact; at least one is required"
        );
    }
    assert_eq!(
        result(r#"{"contacts":{}}"#),
        "contacts: expected an array, found an object"
    );
    assert_eq!(result("[]"), "expected an object, found an array");
}

#[test]
fn invalid_json_is_reported_with_line_and_column() {
    insta::assert_snapshot!(result("{\n  \"contacts\": oops}"), @"not JSON: expected value at line 2, column 15");
    let not_utf8 = ContactsUpdate::from_json(b"{\n \"contacts\": \"\xff\"}").unwrap_err();
    insta::assert_snapshot!(not_utf8, @"not JSON: not UTF-8 at line 2, column 15");
    insta::assert_snapshot!(result("{}x"), @"not JSON: trailing characters at line 1, column 3");
    insta::assert_snapshot!(result(""), @"not JSON: EOF while parsing a value at line 1, column 0");
    let deep = "[".repeat(100_000);
    insta::assert_snapshot!(result(&deep), @"not JSON: EOF while parsing a list at line 1, column 100000");
}

#[test]
fn a_contact_is_parsed_on_its_own() {
    let result = |json: &str| Contact::from_json(json.as_bytes()).unwrap_err().to_string();
    assert_eq!(result("[]"), "expected an object, found an array");
    assert_eq!(
        result("{"),
        "not JSON: EOF while parsing an object at line 1, column 1"
    );
    let jane = r#"{"first_name":"Jane","last_name":"Doe","email":"jane.doe@example.com""#;
    assert_eq!(
        result(&format!(r#"{jane},"contact_type":"technical_contact"}}"#)),
        "contact_type: unknown field"
    );
    let contact = Contact::from_json(format!("{jane}}}").as_bytes()).unwrap();
    assert_eq!(
        serde_json::to_string(&contact).unwrap(),
        format!("{jane}}}")
    );
}

#[test]
fn a_draft_deserializes_from_any_format() {
    let value = serde_json::json!({"technical_contact": {"first_name": 5}});
    let draft = UpdateDraft::deserialize(&value).unwrap();
    assert_eq!(
        draft.build().unwrap_err().to_string(),
        "technical_contact.first_name: expected a string, found a number\n\
         technical_contact.last_name: required, but missing\n\
         technical_contact.email: required, but missing"
    );
}

#[test]
fn the_id_of_an_order_is_read_as_converters_write_it() {
    let id = |json: &str| {
        let order = Order::from_json(format!(r#"{{"id": {json}}}"#).as_bytes()).unwrap();
        order.id.map(OrderId::get)
    };
    for json in ["7", r#""7""#, r#"" 7 ""#, "7.0", r#""7.0""#, r#""7.00\n""#] {
        assert_eq!(id(json), Some(7), "{json}");
    }
    assert_eq!(id("100000001.0"), Some(100_000_001));
    assert_eq!(id("9999999999999999999"), Some(9_999_999_999_999_999_999));
    for json in [
        "null",
        "0",
        "-7",
        "7.5",
        r#""""#,
        r#""7.""#,
        r#"".0""#,
        r#""7/8""#,
        r#""7.0.0""#,
        "true",
        "[7]",
        "9007199254740993.0",
        "12345678901234567890123",
    ] {
        assert_eq!(id(json), None, "{json}");
    }
}
