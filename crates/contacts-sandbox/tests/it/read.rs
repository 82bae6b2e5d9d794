//! GET requests of one order or user, keys and routes.

use contacts_sandbox::{Account, KeyRole, Sandbox};

use crate::client::{get, send};

#[test]
fn an_order_has_its_contacts() {
    let sandbox = Sandbox::start().unwrap();
    let response = get(&sandbox, "order/certificate/100000003");
    assert_eq!(response.status, 200);
    let order: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    insta::assert_json_snapshot!(order, @r#"
    {
      "id": 100000003,
      "status": "issued",
      "certificate": {
        "id": 600000003,
        "common_name": "blog.example.com",
        "dns_names": [
          "blog.example.com"
        ],
        "thumbprint": "18E2F657D9B8C75D9883B82C9405A0C6B58D30B7",
        "serial_number": "054666111AB87CE13405F384FAEB5428",
        "valid_from": "2026-04-13",
        "valid_till": "2027-05-14",
        "signature_hash": "sha256"
      },
      "date_created": "2026-04-13T09:00:00+00:00",
      "validity_years": 1,
      "container": {
        "id": 1,
        "name": "Sandbox"
      },
      "product": {
        "name_id": "ssl_dv_geotrust",
        "name": "GeoTrust DV SSL",
        "type": "dv_ssl_certificate",
        "validation_type": "dv",
        "validation_name": "DV"
      },
      "technical_contact": {
        "first_name": "Robin",
        "last_name": "Leaver",
        "email": "robin.leaver@example.com",
        "telephone": "+1 555 0100",
        "job_title": "Platform Engineer"
      }
    }
    "#);
}

#[test]
fn an_unknown_key_gets_the_recorded_response() {
    let sandbox = Sandbox::start().unwrap();
    for key in ["", "wrong", "sandbox-demo-key2"] {
        let response = send(&sandbox, key, "GET", "order/certificate/100000001", "");
        assert_eq!(response.status, 403);
        insta::allow_duplicates! {
            insta::assert_snapshot!(response.body, @r#"{"errors":[{"code":"access_denied|access_denied_invalid_key","message":"Access denied due to access_denied_invalid_key."}]}"#);
        }
    }
}

#[test]
fn an_order_of_another_account_does_not_exist() {
    let sandbox = Sandbox::start().unwrap();
    for id in [
        "1",
        "200000001",
        "999999999",
        "abc",
        "100000001x",
        "18446744073709551616",
    ] {
        let code = get(&sandbox, &format!("order/certificate/{id}")).code();
        assert_eq!(code, "404 not_found|order", "{id}");
    }
}

#[test]
fn no_other_route_or_method_is_served() {
    let sandbox = Sandbox::start().unwrap();
    for path in [
        "",
        "order",
        "order/certificate//",
        "order/certificate/1//",
        "/",
        "order/certificate/1/contact/2",
        "order/certificate/1/note",
    ] {
        assert_eq!(get(&sandbox, path).code(), "404 not_found|route", "{path}");
    }
    for method in ["GET", "POST", "DELETE", "PATCH"] {
        let response = send(
            &sandbox,
            sandbox.api_key(),
            method,
            "order/certificate/100000001/contact",
            "",
        );
        assert_eq!(
            response.code(),
            "405 sandbox_method_not_allowed",
            "{method}"
        );
    }
}

#[test]
fn a_role_limits_a_key() {
    let mut account = Account::demo();
    account.add_key("orders", KeyRole::Orders);
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let path = "order/certificate/100000001/contact";
    let body = r#"{"contacts":[{"first_name":"A","last_name":"B","email":"a@b.c","contact_type":"technical_contact"}]}"#;
    let put = |key| send(&sandbox, key, "PUT", path, body).code();
    assert_eq!(
        put(Account::DEMO_VIEW_ONLY_KEY),
        "403 access_denied|missing_permission"
    );
    assert_eq!(put("orders"), "204");
    let read = send(
        &sandbox,
        Account::DEMO_VIEW_ONLY_KEY,
        "GET",
        "order/certificate/100000001",
        "",
    );
    assert_eq!(read.status, 200);
}

#[test]
fn every_path_may_end_with_a_slash() {
    let sandbox = Sandbox::start().unwrap();
    for path in [
        "user/me",
        "order/certificate",
        "order/certificate/100000001",
        "certificate/600000001",
        "report/order",
    ] {
        let with_slash = get(&sandbox, &format!("{path}/"));
        assert_eq!(with_slash.status, 200, "{path}");
        assert_eq!(with_slash.body, get(&sandbox, path).body, "{path}");
    }
    let list = get(&sandbox, "order/certificate/?limit=1");
    assert!(list.body.contains(r#""limit":1"#), "{}", list.body);
    let path = "order/certificate/100000001/contact/";
    let body = r#"{"contacts":[{"first_name":"A","last_name":"B","email":"a@b.c","contact_type":"technical_contact"}]}"#;
    assert_eq!(
        send(&sandbox, sandbox.api_key(), "PUT", path, body).status,
        204
    );
}

#[test]
fn the_user_has_the_documented_form() {
    let sandbox = Sandbox::start().unwrap();
    let user: serde_json::Value = serde_json::from_str(&get(&sandbox, "user/me").body).unwrap();
    insta::assert_json_snapshot!(user, @r#"
    {
      "id": 1,
      "username": "sandbox",
      "account_id": 1,
      "first_name": "Sandbox",
      "last_name": "User",
      "email": "sandbox@example.com",
      "job_title": "Certificate Manager",
      "telephone": "+1 555 0199",
      "status": "active",
      "container": {
        "id": 1,
        "name": "Sandbox"
      },
      "access_roles": [
        {
          "id": 1,
          "name": "Administrator"
        }
      ]
    }
    "#);
}

#[test]
fn the_user_of_a_restricted_key_has_its_role() {
    let mut account = Account::demo();
    account.add_key("user management", KeyRole::UserManagement);
    account.add_key("domains", KeyRole::OrdersDomainsOrganizations);
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let roles = [
        Account::DEMO_ORDERS_KEY,
        "domains",
        Account::DEMO_VIEW_ONLY_KEY,
        "user management",
    ]
    .map(|key| {
        let user: serde_json::Value =
            serde_json::from_str(&send(&sandbox, key, "GET", "user/me", "").body).unwrap();
        user["access_roles"].to_string()
    });
    insta::assert_debug_snapshot!(roles, @r#"
    [
        "[{\"id\":100,\"name\":\"Orders\"}]",
        "[{\"id\":101,\"name\":\"Orders, Domains, Organizations\"}]",
        "[{\"id\":102,\"name\":\"View Only\"}]",
        "[{\"id\":103,\"name\":\"User Management\"}]",
    ]
    "#);
}
