//! GET requests, keys and routes.

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
        "common_name": "blog.example.com",
        "dns_names": [
          "blog.example.com"
        ]
      },
      "date_created": "2026-04-13T09:00:00+00:00",
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
        "order/certificate/",
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
    let me = send(&sandbox, "orders", "GET", "user/me", "");
    assert!(
        me.body
            .contains(r#""access_roles":[{"id":100,"name":"Orders"}]"#),
        "{}",
        me.body
    );
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
fn orders_are_listed_without_their_contacts() {
    let sandbox = Sandbox::start().unwrap();
    let list = |query: &str| -> (Vec<u64>, serde_json::Value) {
        let response = get(&sandbox, &format!("order/certificate{query}"));
        let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        let orders = body["orders"].as_array().unwrap();
        let ids = orders
            .iter()
            .map(|o| o["id"].as_u64().unwrap() - 100_000_000);
        (ids.collect(), body)
    };
    let (ids, body) = list("?limit=1&offset=2");
    assert_eq!(ids, [3]);
    insta::assert_json_snapshot!(body, @r#"
    {
      "orders": [
        {
          "id": 100000003,
          "status": "issued",
          "certificate": {
            "common_name": "blog.example.com",
            "dns_names": [
              "blog.example.com"
            ]
          },
          "date_created": "2026-04-13T09:00:00+00:00",
          "product": {
            "name_id": "ssl_dv_geotrust",
            "name": "GeoTrust DV SSL",
            "type": "dv_ssl_certificate"
          }
        }
      ],
      "page": {
        "total": 14,
        "limit": 1,
        "offset": 2
      }
    }
    "#);
    assert_eq!(list("").0.len(), 14);
    assert!(list("?offset=14").0.is_empty());
    assert_eq!(list("?limit=9999").1["page"]["limit"], 1000);
    assert_eq!(list("?filters[status]=pending").0, [4]);
    assert_eq!(list("?filters%5Bsearch%5D=shop.example").0, [2]);
    assert_eq!(
        list("?filters[product_name_id]=ssl_ev_plus&filters[status]=issued&x=y").0,
        [2, 7]
    );
    assert_eq!(
        get(&sandbox, "order/certificate?limit=x").code(),
        "400 sandbox_query_invalid"
    );
}
