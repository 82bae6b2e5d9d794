//! The list, the report, certificates, and the permissions of roles.

use contacts_sandbox::{Account, KeyRole, Sandbox};
use serde_json::{Value, json};

use crate::client::{get, put, raw, send};

fn ids(sandbox: &Sandbox, query: &str) -> Vec<u64> {
    let response = get(sandbox, &format!("order/certificate{query}"));
    let body: Value = serde_json::from_str(&response.body).unwrap();
    let orders = body["orders"].as_array().unwrap();
    let id = |order: &Value| order["id"].as_u64().unwrap() - 100_000_000;
    orders.iter().map(id).collect()
}

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
    insta::assert_snapshot!(certificate, @r#"{"common_name":"shop.example.com","dns_names":["shop.example.com"],"id":600000002,"thumbprint":"1F60B2C9D84E7A351C0D9E6B25F7A8430C9E1B72","serial_number":"00112233445566778899001122334455","valid_from":"2026-03-12","valid_till":"2027-04-12","order_id":100000002,"status":"issued","product":{"name_id":"ssl_ev_plus","name":"Extended Validation SSL","type":"ssl_certificate","validation_type":"ev","validation_name":"EV"},"organization":{"id":1,"name":"Example Corp"}}"#);
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
    assert_eq!(
        ids(&sandbox, "?filters[search]=SHOP.example"),
        [2],
        "in any case"
    );
    assert_eq!(ids(&sandbox, "?filters[common_name]=cdn.example.com"), [10]);
    let serial = "?filters[serial_number]=0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    assert_eq!(ids(&sandbox, serial), [1]);
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
fn the_list_is_csv_if_the_client_prefers_it() {
    let sandbox = Sandbox::start().unwrap();
    let list = |accept: &str| {
        raw(
            &sandbox,
            format!(
                "GET /services/v2/order/certificate?limit=2 HTTP/1.1\r\nx-dc-devkey: {}\r\n\
                 accept: {accept}\r\nconnection: close\r\n\r\n",
                sandbox.api_key()
            )
            .as_bytes(),
        )
    };
    let csv = list("text/csv");
    assert!(
        csv.contains("content-type: text/csv; charset=utf-8\r\n"),
        "{csv}"
    );
    insta::assert_snapshot!(csv.split_once("\r\n\r\n").unwrap().1, @r#"
    order_id,status,common_name,valid_till,product_name_id,product_name,organization_id,organization_name,date_created
    "100000001","issued","www.example.com","2027-03-14","ssl_plus","Standard SSL","1","Example Corp","2026-02-11T09:00:00+00:00"
    "100000002","issued","shop.example.com","2027-04-12","ssl_ev_plus","Extended Validation SSL","1","Example Corp","2026-03-12T09:00:00+00:00"
    "#);
    assert!(list("text/html, TEXT/CSV;q=0.9, */*").contains("\"100000001\","));
    for json in ["*/*", "application/json, text/csv", "text/html", ""] {
        assert!(
            list(json).contains("content-type: application/json\r\n"),
            "{json}"
        );
    }
}

#[test]
fn the_report_has_a_row_for_each_order() {
    let sandbox = Sandbox::start().unwrap();
    let report = get(&sandbox, "report/order?limit=2").body;
    insta::assert_snapshot!(report, @r#"
    order_id,customer_order_id,date_created,container_id,container_name,status,user_id,organization_id,organization_name,organization_address_1,organization_address_2,organization_city,organization_state,organization_country,organization_unit,tech_first_name,tech_last_name,tech_email,tech_title,tech_telephone,server_type,issuing_ca,agreement_id,validity_years,signature_hash,dcv_method,common_name,plus_feature,dns_names,product_id,product_name_id,product_name,product_type,email,csr,valid_from,valid_till,certificate_tracker_id,is_renewed,renewed_order_id,receipt_id,disable_issuance_email,pay_type,is_out_of_contract,disable_renewal_notifications,additional_emails,auto_renew,custom_renewal_message,thumbprint,serial_number,account_id,user_first_name,user_last_name,user_email,user_assignments,cost,metadata,has_duplicates
    "100000001","","2026-02-11T09:00:00+00:00","","","issued","","1","Example Corp","","","","","","","Robin","Leaver","robin.leaver@example.com","Platform Engineer","+1 555 0100","","","","","","","www.example.com","","www.example.com","","ssl_plus","Standard SSL","ssl_certificate","","-----BEGIN CERTIFICATE REQUEST-----
    Tk8gUkVBTCBDU1I6IFRISVMgSVMgQSBTQU5EQk9Y
    -----END CERTIFICATE REQUEST-----
    ","2026-02-11","2027-03-14","600000001","","","","","","","","","","","7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4","0A1B2C3D4E5F60718293A4B5C6D7E8F9","","","","","","","",""
    "100000002","","2026-03-12T09:00:00+00:00","","","issued","","1","Example Corp","","","","","","","Robin","Leaver","robin.leaver@example.com","Platform Engineer","+1 555 0100","","","","","","","shop.example.com","","shop.example.com","","ssl_ev_plus","Extended Validation SSL","ssl_certificate","","","2026-03-12","2027-04-12","600000002","","","","","","","","","","","1F60B2C9D84E7A351C0D9E6B25F7A8430C9E1B72","00112233445566778899001122334455","","","","","","","",""
    "#);
    assert_eq!(
        get(&sandbox, "report/order?offset=14").body.lines().count(),
        1
    );
    // One of the values has three line breaks.
    assert_eq!(
        get(&sandbox, "report/order").body.lines().count(),
        1 + 14 + 3
    );
}

#[test]
fn the_report_has_the_current_technical_contact() {
    let sandbox = Sandbox::start().unwrap();
    let body = r#"{"contacts":[{"contact_type":"technical_contact","first_name":"A \"B\"",
        "last_name":"C,D","email":"a@b.c"}]}"#;
    assert_eq!(put(&sandbox, 100_000_003, body).status, 204);
    let report = get(&sandbox, "report/order?offset=2&limit=1").body;
    let row = r#","A ""B""","C,D","a@b.c","Platform Engineer","+1 555 0100","#;
    assert!(report.contains(row), "{report}");
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
