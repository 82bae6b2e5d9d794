//! The list of orders: its entries, pages, sequence and CSV.

use contacts_sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::client::{Response, exchange, get};

fn list(sandbox: &Sandbox, query: &str) -> Value {
    let response = get(sandbox, &format!("order/certificate{query}"));
    serde_json::from_str(&response.body).unwrap()
}

/// The ids of the listed orders of the demo account, less 100000000.
pub(crate) fn ids(sandbox: &Sandbox, query: &str) -> Vec<u64> {
    let body = list(sandbox, query);
    let orders = body["orders"].as_array().unwrap();
    let id = |order: &Value| order["id"].as_u64().unwrap() - 100_000_000;
    orders.iter().map(id).collect()
}

#[test]
fn orders_are_listed_without_their_contacts() {
    let sandbox = Sandbox::start().unwrap();
    let mut body = list(&sandbox, "?limit=2&offset=1");
    for order in 0..2 {
        body["orders"][order]["certificate"]["days_remaining"] = "[days]".into();
    }
    insta::assert_json_snapshot!(body, @r#"
    {
      "orders": [
        {
          "id": 100000002,
          "certificate": {
            "id": 600000002,
            "common_name": "shop.example.com",
            "dns_names": [
              "shop.example.com"
            ],
            "valid_till": "2027-04-12",
            "signature_hash": "sha256",
            "thumbprint": "1F60B2C9D84E7A351C0D9E6B25F7A8430C9E1B72",
            "serial_number": "00112233445566778899001122334455",
            "days_remaining": "[days]"
          },
          "status": "issued",
          "is_renewed": false,
          "date_created": "2026-03-12T09:00:00+00:00",
          "organization": {
            "id": 1,
            "name": "Example Corp"
          },
          "validity_years": 1,
          "disable_renewal_notifications": false,
          "container": {
            "id": 1,
            "name": "Sandbox"
          },
          "product": {
            "name_id": "ssl_ev_plus",
            "name": "Extended Validation SSL",
            "type": "ssl_certificate"
          },
          "has_duplicates": false,
          "product_name_id": "ssl_ev_plus"
        },
        {
          "id": 100000003,
          "certificate": {
            "id": 600000003,
            "common_name": "blog.example.com",
            "dns_names": [
              "blog.example.com"
            ],
            "valid_till": "2027-05-14",
            "signature_hash": "sha256",
            "thumbprint": "18E2F657D9B8C75D9883B82C9405A0C6B58D30B7",
            "serial_number": "054666111AB87CE13405F384FAEB5428",
            "days_remaining": "[days]"
          },
          "status": "issued",
          "is_renewed": false,
          "date_created": "2026-04-13T09:00:00+00:00",
          "organization": [],
          "validity_years": 1,
          "disable_renewal_notifications": false,
          "container": {
            "id": 1,
            "name": "Sandbox"
          },
          "product": {
            "name_id": "ssl_dv_geotrust",
            "name": "GeoTrust DV SSL",
            "type": "dv_ssl_certificate"
          },
          "has_duplicates": false,
          "product_name_id": "ssl_dv_geotrust"
        }
      ],
      "page": {
        "total": 14,
        "limit": 2,
        "offset": 1
      }
    }
    "#);
}

#[test]
fn an_order_without_a_certificate_has_no_dates() {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, contacts_sandbox::KeyRole::Unrestricted);
    account.add_order(1, json!({"status": "pending"}));
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    insta::assert_snapshot!(list(&sandbox, "")["orders"], @r#"[{"id":1,"status":"pending","is_renewed":false,"disable_renewal_notifications":false,"has_duplicates":false}]"#);
}

#[test]
fn the_remaining_days_end_with_the_certificate() {
    let sandbox = Sandbox::start().unwrap();
    let days = |query: &str| {
        list(&sandbox, query)["orders"][0]["certificate"]["days_remaining"]
            .as_i64()
            .unwrap()
    };
    // The certificates end on 2027-03-14 and 2027-04-12.
    assert_eq!(
        days("?filters[id]=100000002") - days("?filters[id]=100000001"),
        29
    );
    assert!(days("?filters[status]=expired") < days("?filters[id]=100000001"));
}

#[test]
fn a_page_has_a_limit_and_an_offset() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(ids(&sandbox, "").len(), 14);
    assert_eq!(ids(&sandbox, "?limit=1&offset=2"), [3]);
    assert!(ids(&sandbox, "?offset=14").is_empty());
    let page = list(&sandbox, "?limit=9999")["page"].clone();
    assert_eq!(page, json!({"total": 14, "limit": 1000, "offset": 0}));
}

#[test]
fn the_list_is_sorted_by_the_requested_keys() {
    let sandbox = Sandbox::start().unwrap();
    assert_eq!(ids(&sandbox, "?sort=-id&limit=3"), [14, 13, 12]);
    assert_eq!(ids(&sandbox, "?sort=-status,-id&limit=3"), [12, 4, 14]);
    assert_eq!(ids(&sandbox, "?sort=common_name&limit=2&offset=1"), [9, 11]);
    assert_eq!(ids(&sandbox, "?sort=&limit=2"), [1, 2]);
    for sort in ["shoe_size", "id,", "--id", "id,id,id,id,id,id,id,id"] {
        let code = get(&sandbox, &format!("order/certificate?sort={sort}")).code();
        assert_eq!(code, "400 sandbox_query_invalid", "{sort}");
    }
}

#[test]
fn the_list_is_csv_if_the_client_prefers_it() {
    let sandbox = Sandbox::start().unwrap();
    let list = |query: &str, accept: &str| -> Response {
        let request = format!(
            "GET /services/v2/order/certificate?limit=2{query} HTTP/1.1\r\nx-dc-devkey: {}\r\n\
             accept: {accept}\r\nconnection: close\r\n\r\n",
            sandbox.api_key()
        );
        exchange(sandbox.address(), request.as_bytes())
    };
    let csv = list("", "text/csv").body;
    // The values of one row, without the days that remain.
    let row = csv.lines().nth(1).unwrap().split(',');
    let row: Vec<_> = row
        .enumerate()
        .filter(|(column, _)| *column != 5)
        .map(|(_, v)| v)
        .collect();
    insta::assert_snapshot!(csv.lines().next().unwrap(), @"id,certificate.id,certificate.common_name,certificate.dns_names,certificate.valid_till,certificate.days_remaining,certificate.signature_hash,status,is_renewed,date_created,organization.id,organization.name,validity_years,disable_renewal_notifications,container.id,container.name,product.name_id,product.name,product.type,has_duplicates,product_name_id");
    insta::assert_snapshot!(row.join(","), @r#""100000001","600000001","www.example.com","www.example.com","2027-03-14","sha256","issued","0","2026-02-11T09:00:00+00:00","1","Example Corp","1","0","1","Sandbox","ssl_plus","Standard SSL","ssl_certificate","0","ssl_plus""#);
    let is_csv = |query: &str, accept: &str| list(query, accept).body == csv;
    assert!(is_csv("", "text/html, TEXT/CSV;q=0.9, */*"));
    assert!(is_csv("&content_type=csv", "application/json"));
    for accept in ["*/*", "application/json, text/csv", "text/html", ""] {
        assert!(list("", accept).body.starts_with("{\"orders\""), "{accept}");
    }
    assert!(!is_csv("&content_type=json", "text/csv"));
}
