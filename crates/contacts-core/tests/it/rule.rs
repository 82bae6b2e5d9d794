//! Every rule of a contact, with its message.

use contacts_core::{Contact, ContactDraft, Field, OrderId, UpdateDraft};

pub(crate) fn result(draft: ContactDraft<'_>) -> String {
    draft
        .build()
        .map_or_else(|violations| violations.to_string(), |_| "valid".to_owned())
}

pub(crate) fn jane() -> ContactDraft<'static> {
    Contact::draft("Jane", "Doe", "jane.doe@example.com")
}

#[test]
fn all_violations_are_reported_at_once_in_the_order_of_the_page() {
    let draft = ContactDraft::default()
        .language_id("english")
        .telephone("1".repeat(33))
        .job_title("\u{200B} ")
        .email("jane.doe")
        .last_name(" Doe");
    insta::assert_snapshot!(result(draft), @r"
    first_name: required, but missing
    last_name: leading or trailing white space; remove it
    email: not an e-mail address: missing `@`
    job_title: must not be blank
    telephone: 33 characters; the limit is 32
    language_id: not a language id: expected 1 to 3 digits
    ");
}

#[test]
fn a_limit_counts_unicode_scalar_values() {
    for field in Field::TEXT {
        let Some(limit) = field.limit() else { continue };
        let text = |length: u64| match field {
            Field::Email => {
                let domain = "@example.com";
                "a".repeat(usize::try_from(length).unwrap() - domain.len()) + domain
            }
            _ => "ß".repeat(usize::try_from(length).unwrap()),
        };
        assert_eq!(result(jane().set(field, text(limit))), "valid", "{field}");
        let expected = format!("{field}: {} characters; the limit is {limit}", limit + 1);
        assert_eq!(result(jane().set(field, text(limit + 1))), expected);
    }
}

#[test]
fn values_that_digicert_holds_need_to_follow_only_its_own_rules() {
    let held = |email: &'static str| {
        Contact::draft("Robin ", "\u{200E}", email)
            .telephone("+1 555\u{200E} 0100")
            .only_documented_rules()
    };
    for email in [
        "\"jane doe\"@example.com",
        "jane@exämple.com",
        "admin@intranet",
        "none",
    ] {
        let contact = held(email).build().unwrap();
        assert_eq!((contact.first_name(), contact.email()), ("Robin ", email));
    }
    insta::assert_snapshot!(result(held("").job_title("x".repeat(65))), @"
    email: must not be blank
    job_title: 65 characters; the limit is 64
    ");
    insta::assert_snapshot!(result(ContactDraft::default().only_documented_rules()), @"
    first_name: required, but missing
    last_name: required, but missing
    email: required, but missing
    ");
}

#[test]
fn an_address_follows_the_grammar_of_the_html_standard() {
    let long_label = format!("jane@{}.com", "a".repeat(63));
    for address in [
        "a@b.c",
        "a..b@example.com",
        ".a@example.com",
        "a+b/c=d@x-y.example",
        &long_label,
    ] {
        assert_eq!(result(jane().email(address)), "valid", "{address}");
    }
    let too_long_label = format!("jane@{}.com", "a".repeat(64));
    for (address, reason) in [
        ("jane", "missing `@`"),
        ("@example.com", "nothing before the `@`"),
        (
            "ja ne@example.com",
            "a character before the `@` is not allowed",
        ),
        (
            "jäne@example.com",
            "a character before the `@` is not allowed",
        ),
        ("jane@", "the domain has an empty label"),
        ("jane@example..com", "the domain has an empty label"),
        ("jane@example.com.", "the domain has an empty label"),
        (
            "jane@-example.com",
            "a domain label starts or ends with a hyphen",
        ),
        (
            "jane@example-.com",
            "a domain label starts or ends with a hyphen",
        ),
        (
            too_long_label.as_str(),
            "a domain label is longer than 63 characters",
        ),
    ] {
        let expected = format!("email: not an e-mail address: {reason}");
        assert_eq!(result(jane().email(address)), expected, "{address}");
    }
    for address in ["a@b@example.com", "a@[127.0.0.1]", "a@x_y.com"] {
        assert!(
            result(jane().email(address)).contains("a character after the `@`"),
            "{address}"
        );
    }
}

#[test]
fn a_domain_without_a_dot_must_be_allowed_explicitly() {
    insta::assert_snapshot!(result(jane().email("admin@intranet")), @"email: no dot in the domain; use a full domain, such as `mail.example.com`");
    assert_eq!(
        result(jane().email("admin@intranet").allow_dotless_domain()),
        "valid"
    );
}

#[test]
fn an_address_that_validator_accepts_is_rejected() {
    let address = "a@evil.com\r\nBcc: x[127.0.0.1]";
    assert_eq!(
        result(jane().email(address)),
        "email: U+000D, a line break, at character 11; remove it"
    );
}

#[test]
fn an_order_id_consists_of_digits() {
    for id in ["1", "123456789", "9999999999999999999"] {
        assert_eq!(OrderId::parse(id).unwrap().to_string(), id);
    }
    for id in [
        "",
        "0",
        "01",
        "+1",
        "-1",
        "1.0",
        "1e5",
        "../x",
        "1?x",
        "1#f",
        "1/2",
        " 1",
        "1\n",
        "१",
        "10000000000000000000",
    ] {
        assert_eq!(
            OrderId::parse(id).unwrap_err().rule().code(),
            "order-id-format",
            "{id}"
        );
    }
    assert!(OrderId::try_from(9_999_999_999_999_999_999).is_ok());
    assert!(OrderId::try_from(10_000_000_000_000_000_000).is_err());
    assert!(OrderId::try_from(u64::MAX).is_err());
    assert!(OrderId::try_from(0).is_err());
}

#[test]
fn getters_return_the_values_that_were_set() {
    let contact = jane().job_title("SRE").telephone("1").build().unwrap();
    assert_eq!(
        (contact.job_title(), contact.telephone()),
        (Some("SRE"), Some("1"))
    );
    assert_eq!((contact.last_name(), contact.language_id()), ("Doe", None));
    assert_eq!(
        format!("{:?}", jane().job_title("SRE")),
        "ContactDraft { set: [FirstName, LastName, Email, JobTitle] }"
    );
}

#[test]
fn violations_of_an_update_name_the_contact() {
    let mut draft = UpdateDraft::default();
    for contact_type in ["", "billing_contact", "technical_contact"] {
        draft.push(contact_type, jane().email("x"));
    }
    let violations = draft.build().unwrap_err();
    let found: Vec<_> = violations
        .iter()
        .map(|v| (v.path().contact_index(), v.rule().code()))
        .collect();
    assert_eq!(
        found,
        [
            (Some(0), "required"),
            (Some(0), "email-format"),
            (Some(1), "unknown-contact-type"),
            (Some(1), "email-format"),
            (Some(2), "email-format"),
        ]
    );
    let alone = jane().email("x").build().unwrap_err();
    assert_eq!(alone[0].path().contact_index(), None);
}

#[test]
fn a_very_long_name_has_no_nearest_field() {
    let padded = |length: usize| format!("first_name{}", "_".repeat(length - 10));
    assert_eq!(Field::nearest(&padded(40)), Some(Field::FirstName));
    assert_eq!(Field::nearest(&padded(41)), None);
}

#[test]
fn no_violation_contains_a_value() {
    let violations = Contact::draft("Marker\u{1}", " Marker", "marker@marker@marker")
        .job_title("Marker".repeat(20))
        .telephone("Marker".repeat(20))
        .language_id("Marker")
        .build()
        .unwrap_err();
    assert_eq!(violations.len(), 6);
    let json = serde_json::to_string(&violations).unwrap();
    let output = format!("{violations} {violations:?} {json}").to_lowercase();
    assert!(!output.contains("marker"), "{output}");
}
