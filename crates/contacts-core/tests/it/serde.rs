//! The stable names in JSON.

use std::fmt::{Debug, Display};

use contacts_core::{Blocked, ContactType, DvStatus, Field, FieldState, OrderId, Outcome};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

/// Checks that each value has its name in JSON, in both directions.
fn assert_names<T>(names: &[(T, &str)])
where
    T: Copy + Debug + PartialEq + Serialize + DeserializeOwned,
{
    for (value, name) in names {
        assert_eq!(to_value(value).unwrap(), *name);
        assert_eq!(from_value::<T>(json!(name)).unwrap(), *value);
    }
    assert!(from_value::<T>(json!("other")).is_err());
}

fn assert_display<T: Display + Serialize>(values: &[T]) {
    for value in values {
        assert_eq!(to_value(value).unwrap(), value.to_string());
    }
}

#[test]
fn names_are_stable_in_both_directions() {
    assert_names(&[
        (ContactType::Organization, "organization_contact"),
        (ContactType::Technical, "technical_contact"),
    ]);
    assert_names(&[
        (Outcome::NotSent, "not-sent"),
        (Outcome::Rejected, "rejected"),
        (Outcome::Unknown, "unknown"),
    ]);
    assert_names(&[
        (FieldState::Same, "same"),
        (FieldState::Changes, "changes"),
        (FieldState::Kept, "kept"),
        (FieldState::NotReadable, "not-readable"),
    ]);
    assert_names(&[
        (DvStatus::Yes, "yes"),
        (DvStatus::No, "no"),
        (DvStatus::Unknown, "unknown"),
    ]);
    assert_names(&[(
        Blocked::OrganizationContactOnDv,
        "organization-contact-on-dv",
    )]);
    assert_names(&Field::ALL.map(|field| (field, field.as_str())));
}

#[test]
fn display_and_json_have_the_same_names() {
    assert_display(&ContactType::ALL);
    assert_display(&Field::ALL);
    assert_display(&Outcome::ALL);
}

#[test]
fn names_are_parsed_exactly() {
    for field in Field::ALL {
        assert_eq!(Field::parse(field.as_str()), Ok(field));
    }
    for contact_type in ContactType::ALL {
        assert_eq!(ContactType::parse(contact_type.as_str()), Ok(contact_type));
    }
    let error = ContactType::parse("Technical_Contact").unwrap_err();
    insta::assert_snapshot!(error, @"contact_type: must be `organization_contact` or `technical_contact`");
    let error = Field::parse("telephone_extension").unwrap_err();
    insta::assert_snapshot!(error, @"telephone_extension: unknown field; only organization-level contacts have an extension; append it to `telephone`");
    let error = Field::parse("Jane Doe <j@x>").unwrap_err();
    insta::assert_snapshot!(error, @"(name not shown): unknown field");
}

#[test]
fn an_order_id_deserializes_from_a_string_or_an_integer() {
    let id = OrderId::parse("123456789").unwrap();
    assert_eq!(to_value(id).unwrap(), "123456789");
    for json in [json!("123456789"), json!(123_456_789)] {
        assert_eq!(from_value::<OrderId>(json).unwrap(), id);
    }
    for json in [
        "0", "-1", "1.5", "\"01\"", "\"../x\"", "null", "[1]", "true",
    ] {
        let json: Value = serde_json::from_str(json).unwrap();
        assert!(from_value::<OrderId>(json.clone()).is_err(), "{json}");
    }
    let error = serde_json::from_str::<OrderId>("\"../marker\"").unwrap_err();
    insta::assert_snapshot!(error, @"not an order id: expected 1 to 19 digits, no leading zero at line 1 column 11");
}
