//! Certificates, numbers in a query, and the permissions of roles.

use contacts_sandbox::{Account, KeyRole, Sandbox};
use serde_json::json;

use crate::client::{get, send};

#[test]
fn an_order_is_found_by_its_certificate() {
    let sandbox = Sandbox::start().unwrap();
    let by_id = get(&sandbox, "order/certificate/100000001").body;
    for name in [
        "7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4",
        "7d3a0c5e9b1f42866d4e0a17c2b95f3380e6d1a4",
        "0A1B2C3D4E5F60718293A4B5C6D7E8F9",
    ] {
        assert_eq!(
            get(&sandbox, &format!("order/certificate/{name}")).body,
            by_id
        );
    }
    // A serial number that happens to be digits only.
    let digits = get(
        &sandbox,
        "order/certificate/00112233445566778899001122334455",
    );
    assert!(
        digits.body.starts_with(r#"{"id":100000002,"#),
        "{}",
        digits.body
    );
}

#[test]
fn a_certificate_is_read_by_its_id() {
    let sandbox = Sandbox::start().unwrap();
    let certificate = get(&sandbox, "certificate/600000002").body;
    insta::assert_snapshot!(certificate, @r#"{"id":600000002,"common_name":"shop.example.com","dns_names":["shop.example.com"],"thumbprint":"1F60B2C9D84E7A351C0D9E6B25F7A8430C9E1B72","serial_number":"00112233445566778899001122334455","valid_from":"2026-03-12","valid_till":"2027-04-12","signature_hash":"sha256","order_id":100000002,"status":"issued","product":{"name_id":"ssl_ev_plus","name":"Extended Validation SSL","type":"ssl_certificate","validation_type":"ev","validation_name":"EV"},"organization":{"id":1,"name":"Example Corp"}}"#);
    for id in ["1", "x", "id 600000002", "100000002"] {
        let path = format!("certificate/{}", id.replace(' ', "%20"));
        assert_eq!(get(&sandbox, &path).code(), "404 not_found|certificate");
    }
    // The internal name of a certificate is not an order id.
    let internal = get(&sandbox, "order/certificate/id%20600000002");
    assert_eq!(internal.code(), "404 not_found|order");
}

#[test]
fn a_change_needs_an_order_id() {
    let sandbox = Sandbox::start().unwrap();
    let path = "order/certificate/7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4/contact";
    let response = send(&sandbox, sandbox.api_key(), "PUT", path, "{}");
    assert_eq!(response.code(), "404 not_found|order");
}

#[test]
fn a_replaced_order_is_not_found_by_its_old_certificate() {
    let mut account = Account::demo();
    account.add_order(100_000_001, json!({"certificate": {"thumbprint": "AB"}}));
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    assert_eq!(get(&sandbox, "order/certificate/ab").status, 200);
    let old = "order/certificate/7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4";
    assert_eq!(get(&sandbox, old).status, 404);
}

#[test]
fn a_number_consists_of_digits() {
    let sandbox = Sandbox::start().unwrap();
    for value in ["", "-1", "%2B5", "1.0", "2147483648"] {
        for path in [
            "order/certificate?limit=",
            "order/certificate?offset=",
            "report/order?limit=",
        ] {
            let code = get(&sandbox, &format!("{path}{value}")).code();
            assert_eq!(code, "400 sandbox_query_invalid", "{path}{value}");
        }
    }
}

#[test]
fn a_role_permits_what_its_name_says() {
    let roles = [
        (KeyRole::Unrestricted, ["200", "200", "200", "204"]),
        (KeyRole::Orders, ["200", "200", "200", "204"]),
        (
            KeyRole::OrdersDomainsOrganizations,
            ["200", "200", "200", "204"],
        ),
        (
            KeyRole::ViewOnly,
            ["200", "200", "200", "403 access_denied|missing_permission"],
        ),
        (
            KeyRole::UserManagement,
            [
                "200",
                "403 access_denied|missing_permission",
                "403 access_denied|missing_permission",
                "403 access_denied|missing_permission",
            ],
        ),
        (
            KeyRole::Revoked,
            ["403 access_denied|access_denied_invalid_key"; 4],
        ),
    ];
    let body = r#"{"contacts":[{"first_name":"A","last_name":"B","email":"a@b.c","contact_type":"technical_contact"}]}"#;
    for (role, expected) in roles {
        let mut account = Account::demo();
        account.add_key("key", role);
        let sandbox = Sandbox::builder().account(account).start().unwrap();
        let codes = [
            ("GET", "user/me", ""),
            ("GET", "order/certificate/100000001", ""),
            ("GET", "report/order", ""),
            ("PUT", "order/certificate/100000001/contact", body),
        ]
        .map(|(method, path, body)| send(&sandbox, "key", method, path, body).code());
        assert_eq!(codes, expected, "{role:?}");
    }
}
