//! The effect of an update on an order.

use contacts_core::{
    Blocked, Change, Contact, ContactDraft, ContactsUpdate, DvStatus, Field, FieldState, Order,
    OrderContact,
};

fn order(json: &str) -> Order {
    serde_json::from_str(json).unwrap()
}

const JOHN: &str =
    r#"{"first_name":"John","last_name":"Doe","email":"john@example.com","telephone":"1"}"#;

fn john() -> ContactDraft<'static> {
    Contact::draft("John", "Doe", "john@example.com")
}

#[test]
fn an_order_that_matches_the_update_needs_no_request() {
    let order = order(&format!(r#"{{"technical_contact":{JOHN}}}"#));
    let same = ContactsUpdate::technical(john().build().unwrap());
    assert!(Change::between(&order, &same).is_noop());
    let other = ContactsUpdate::organization(john().build().unwrap());
    let change = Change::between(&order, &other);
    assert!(!change.is_noop() && change.has_mismatch());
}

#[test]
fn a_change_lists_before_and_after_field_by_field() {
    let order = order(&format!(r#"{{"technical_contact":{JOHN}}}"#));
    let update =
        ContactsUpdate::technical(john().first_name("Jane").job_title("SRE").build().unwrap());
    let change = Change::between(&order, &update);
    let fields: Vec<_> = change
        .fields()
        .iter()
        .map(|f| {
            (
                f.field.as_str(),
                f.state,
                f.before.as_deref(),
                f.after.as_str(),
            )
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("first_name", FieldState::Changes, Some("John"), "Jane"),
            ("last_name", FieldState::Same, Some("Doe"), "Doe"),
            (
                "email",
                FieldState::Same,
                Some("john@example.com"),
                "john@example.com"
            ),
            ("job_title", FieldState::Changes, None, "SRE"),
            ("telephone", FieldState::Kept, Some("1"), "1"),
        ]
    );
}

#[test]
fn debug_shows_no_values() {
    let order = order(&format!(r#"{{"technical_contact":{JOHN}}}"#));
    let update = ContactsUpdate::technical(john().build().unwrap());
    let change = Change::between(&order, &update);
    assert_eq!(
        format!("{:?}", change.fields()[0]),
        "FieldChange { contact_type: Technical, field: FirstName, state: Same, .. }"
    );
}

#[test]
fn a_language_id_never_counts_as_changed_or_same() {
    let update = ContactsUpdate::technical(john().language_id("1").build().unwrap());
    let language = |order| {
        let change = Change::between(&order, &update);
        let last = change.fields().last().unwrap();
        assert_eq!(last.field, Field::LanguageId);
        (last.state, change)
    };
    let (state, _) = language(order("{}"));
    assert_eq!(state, FieldState::NotReadable, "the order had no contact");
    let (state, change) = language(order(&format!(r#"{{"technical_contact":{JOHN}}}"#)));
    assert_eq!(state, FieldState::NotReadable);
    assert!(!change.is_noop(), "the request is needed");
    assert!(!change.has_mismatch(), "no readable field differs");
}

#[test]
fn an_organization_contact_on_a_dv_order_is_blocked() {
    let dv = order(r#"{"product":{"validation_type":"DV"}}"#);
    let both = ContactsUpdate::both(john().build().unwrap(), john().build().unwrap());
    assert_eq!(
        Change::between(&dv, &both).blocked(),
        Some(Blocked::OrganizationContactOnDv)
    );
    let technical = ContactsUpdate::technical(john().build().unwrap());
    assert_eq!(Change::between(&dv, &technical).blocked(), None);
}

#[test]
fn each_of_three_members_identifies_a_dv_order() {
    for (product, dv) in [
        (r#"{"validation_type":"dv"}"#, DvStatus::Yes),
        (
            r#"{"validation_type":"ov","type":"DV_SSL_certificate"}"#,
            DvStatus::Yes,
        ),
        (r#"{"name_id":"cloud_dv_geotrust"}"#, DvStatus::Yes),
        (r#"{"validation_type":"ev"}"#, DvStatus::No),
        (
            r#"{"name_id":"ssl_plus","type":"ssl_certificate"}"#,
            DvStatus::Unknown,
        ),
        ("null", DvStatus::Unknown),
    ] {
        assert_eq!(
            order(&format!(r#"{{"product":{product}}}"#)).dv_status(),
            dv,
            "{product}"
        );
    }
}

#[test]
fn a_response_is_parsed_leniently() {
    let order = order(
        r#"{"id":"12","status":5,"new":{},"organization_contact":[],"certificate":7,
            "technical_contact":{"first_name":"","email":null,"last_name":"Doe","id":4,"telephone":12}}"#,
    );
    assert_eq!(order.id.unwrap().get(), 12);
    assert!(order.status.is_none() && order.organization_contact.is_none());
    let technical = order.technical_contact.unwrap();
    assert_eq!(
        (
            technical.first_name(),
            technical.last_name(),
            technical.email()
        ),
        (None, Some("Doe"), None)
    );
    assert_eq!(format!("{technical:?}"), "OrderContact { set: [LastName] }");
}

#[test]
fn a_contact_of_an_order_has_no_type_and_no_language_id() {
    let order = order(
        r#"{"technical_contact":{"first_name":"Jane","contact_type":"technical_contact","language_id":1}}"#,
    );
    let contact = order.technical_contact.unwrap();
    assert_eq!(contact.get(Field::FirstName), Some("Jane"));
    for field in [Field::ContactType, Field::LanguageId] {
        assert_eq!(contact.get(field), None);
        assert!(!contact.is_readable(field));
    }
}

#[test]
fn a_response_that_is_not_an_object_is_an_error() {
    for body in ["[]", "null", "7", "\"x\""] {
        let order = Order::from_json(body.as_bytes()).unwrap_err();
        let contact = OrderContact::from_json(body.as_bytes()).unwrap_err();
        for error in [order.to_string(), contact.to_string()] {
            assert!(error.starts_with("expected an object, found"), "{error}");
        }
    }
    assert!(
        Order::from_json(b"<html>")
            .unwrap_err()
            .to_string()
            .starts_with("not JSON")
    );
    let deep = "[".repeat(100_000);
    assert!(Order::from_json(format!("{{\"x\":{deep}").as_bytes()).is_err());
    assert!(Order::from_json(b"{}").is_ok());
}

#[test]
fn a_value_that_is_not_readable_is_neither_same_nor_changed() {
    let order = order(
        r#"{"technical_contact": {"first_name": "John", "last_name": "Doe", "email": 7, "telephone": []},
            "organization_contact": ["John"]}"#,
    );
    let update = ContactsUpdate::both(john().build().unwrap(), john().build().unwrap());
    let change = Change::between(&order, &update);
    let fields: Vec<_> = change
        .fields()
        .iter()
        .map(|f| (f.field.as_str(), f.state, f.before.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [
            ("first_name", FieldState::NotReadable, None),
            ("last_name", FieldState::NotReadable, None),
            ("email", FieldState::NotReadable, None),
            ("first_name", FieldState::Same, Some("John")),
            ("last_name", FieldState::Same, Some("Doe")),
            ("email", FieldState::NotReadable, None),
        ]
    );
    assert!(!change.is_noop() && !change.has_mismatch());
    let technical = order.technical_contact.unwrap();
    let json = serde_json::to_value(&technical).unwrap();
    assert_eq!(
        serde_json::from_value::<OrderContact>(json.clone()).unwrap(),
        technical
    );
    assert_eq!(
        json,
        serde_json::json!({"first_name": "John", "last_name": "Doe", "not_readable": ["email", "telephone"]})
    );
}
